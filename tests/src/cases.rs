//! Cases that a scan is run on in several ways: what varies, and everything there is to compare.

use crate::{Noise, numbers};
use burn::tensor::{DType, Device, Tensor};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use synfire::Surrogate;
use synfire::neuron::{Neuron, NeuronConfig, NeuronState, Neurons, ParameterConfig, Per, Reset};
use synfire_dynamics::{FieldInfo, Fields};

/// Time steps of a case.
pub const STEPS: usize = 12;
/// Samples of a case.
pub const BATCH: usize = 3;
/// Neurons of a layer: channels, and neurons of a channel.
pub const SHAPE: [usize; 2] = [6, 2];
/// Neurons of a layer.
pub const NEURONS: usize = SHAPE[0] * SHAPE[1];

/// Length of each parameter.
#[derive(Clone, Copy, Debug)]
pub enum Counts {
    /// All parameters alike.
    All(Per),
    /// The first per neuron, the second one number, the third per channel, and again from the start.
    Mixed,
}

/// All of them.
pub const COUNTS: [Counts; 4] =
    [Counts::All(Per::Layer), Counts::All(Per::Channel), Counts::All(Per::Neuron), Counts::Mixed];

/// Which parameters learn. The kernel has a path for none, for one and for several constants.
#[derive(Clone, Copy, Debug)]
pub enum Learn {
    /// Every parameter.
    All,
    /// The one with this number.
    Only(usize),
    /// None.
    Nothing,
}

/// Terms of the loss, all weighted at random.
#[derive(Clone, Copy, Debug)]
pub enum Loss {
    /// The spikes.
    Output,
    /// The states after every step.
    Traces,
    /// The states after the last step.
    Finals,
    /// All of that.
    Everything,
}

/// One comparison.
#[derive(Clone, Copy, Debug)]
pub struct Case<D> {
    /// The neurons.
    pub model: D,
    /// Length of each parameter.
    pub counts: Counts,
    /// Which parameters learn.
    pub learn: Learn,
    /// Terms of the loss.
    pub loss: Loss,
    /// An input of one row, the same at every step.
    pub steady: bool,
}

/// Whether each parameter of a model may learn: a gradient reaches it with these settings.
#[must_use]
pub fn learnable<D: Neuron>(model: D) -> Vec<bool> {
    static KNOWN: Mutex<BTreeMap<String, Vec<bool>>> = Mutex::new(BTreeMap::new());
    let key = format!("{} {model:?}", D::NAME);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let may_learn = |info: &FieldInfo| {
        let learns = ParameterConfig { learn: Some(true), ..ParameterConfig::new() };
        let config = NeuronConfig::new().with_model(model).with(info.name, learns);
        config.try_init(&[1], &Device::flex()).is_ok()
    };
    let all = || <D::Params<f32> as Fields<f32>>::INFO.iter().map(may_learn).collect();
    known.entry(key).or_insert_with(all).clone()
}

impl<D: Neuron> Case<D> {
    /// Numbers of all kinds, everything learns, everything is in the loss.
    #[must_use]
    pub fn new(model: D) -> Self {
        Case { model, counts: Counts::Mixed, learn: Learn::All, loss: Loss::Everything, steady: false }
    }

    /// A layer whose parameters all have values of their own.
    fn layer(&self, noise: &mut Noise, device: &Device) -> Neurons {
        let mut config = NeuronConfig::new().with_model(self.model);
        let may_learn = learnable(self.model);
        for (i, info) in <D::Params<f32> as Fields<f32>>::INFO.iter().enumerate() {
            let learn = match self.learn {
                Learn::All => may_learn[i],
                Learn::Only(one) => one == i && may_learn[i],
                Learn::Nothing => false,
            };
            let per = match self.counts {
                Counts::All(per) => per,
                Counts::Mixed => [Per::Neuron, Per::Layer, Per::Channel][i % 3],
            };
            let parameter = ParameterConfig { learn: Some(learn), per: Some(per), ..ParameterConfig::new() };
            config = config.with(info.name, parameter);
        }
        let mut neurons = config.init(&SHAPE, device);
        for parameter in &mut neurons.parameters {
            let shift = noise.tensor(parameter.raw.dims(), -0.1, 0.1, device);
            let learn = parameter.raw.is_require_grad();
            parameter.raw = parameter.raw.clone().map(|raw| (raw + shift).detach().set_require_grad(learn));
        }
        neurons
    }
}

/// Everything there is to compare, by name.
pub type Results = Vec<(String, Vec<f32>)>;

/// The ways to run a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// The scan's kernels.
    Fused,
    /// Tensor operations.
    Operations,
    /// Operations in double precision: what both should be.
    Exact,
    /// The same with currents, states and parameters that differ by about a rounding error in single
    /// precision, drawn with this seed.
    Shaken(u64),
}

impl Way {
    /// A leaf of the graph, in this way's precision.
    fn leaf<const N: usize>(self, x: Tensor<N>, learn: bool) -> Tensor<N> {
        let double = matches!(self, Way::Exact | Way::Shaken(_));
        let x = x.cast(if double { DType::F64 } else { DType::F32 });
        let x = match self {
            Way::Shaken(seed) => {
                let noise = Noise::new(seed).tensor(x.dims(), -1e-7, 1e-7, &x.device()).cast(DType::F64);
                x * (noise + 1.0)
            }
            _ => x,
        };
        x.detach().set_require_grad(learn)
    }
}

/// Runs a case on its data number `draw`. `input` is the range of the currents.
///
/// # Panics
///
/// If the model does not run.
#[must_use]
pub fn evaluate<D: Neuron>(case: &Case<D>, way: Way, input: [f32; 2], draw: u64, device: &Device) -> Results {
    let noise = &mut Noise::new(1 + draw);
    let mut neurons = case.layer(noise, device);
    for parameter in &mut neurons.parameters {
        let learn = parameter.raw.is_require_grad();
        parameter.raw = parameter.raw.clone().map(|raw| way.leaf(raw, learn));
    }
    let states = neurons.info().states;
    let rows = if case.steady { 1 } else { STEPS };
    let current = way.leaf(noise.tensor([rows, BATCH, NEURONS], input[0], input[1], device), true);
    let initial: Vec<Tensor<2>> =
        states.iter().map(|_| way.leaf(noise.tensor([BATCH, NEURONS], -0.5, 0.5, device), true)).collect();

    // the traces in another order than the states
    let traces: Vec<usize> = match case.loss {
        Loss::Traces | Loss::Everything => (0..states.len()).rev().collect(),
        Loss::Output | Loss::Finals => vec![],
    };
    let state = Some(NeuronState(initial.clone()));
    let out = match way {
        Way::Fused => neurons.run(current.clone(), STEPS, state, &traces),
        _ => neurons.run_by_operations(current.clone(), STEPS, state, &traces),
    }
    .unwrap();

    let mut loss = way.leaf(Tensor::<1>::zeros([1], device), false);
    let mut results = vec![("output".to_string(), numbers(&out.output))];
    if matches!(case.loss, Loss::Output | Loss::Everything) {
        loss = loss + weighted(&out.output, noise);
    }
    for (k, trace) in traces.iter().zip(&out.traces) {
        loss = loss + weighted(trace, noise);
        results.push((format!("trace {}", states[*k].name), numbers(trace)));
    }
    for (state, last) in states.iter().zip(&out.state.0) {
        if matches!(case.loss, Loss::Finals | Loss::Everything) {
            loss = loss + weighted(last, noise);
        }
        results.push((format!("final {}", state.name), numbers(last)));
    }

    let gradients = loss.backward();
    // where nothing flows, the graph of operations has no gradient and the scan a zero
    let zeros = |count: usize| vec![0.0; count];
    let of_input = current.grad(&gradients).map_or_else(|| zeros(rows * BATCH * NEURONS), |g| numbers(&g));
    results.push(("gradient of input".to_string(), of_input));
    for (state, leaf) in states.iter().zip(&initial) {
        let gradient = leaf.grad(&gradients).map_or_else(|| zeros(BATCH * NEURONS), |g| numbers(&g));
        results.push((format!("gradient of initial {}", state.name), gradient));
    }
    for parameter in neurons.parameters.iter().filter(|p| p.is_learnable()) {
        let raw = parameter.raw.val();
        let gradient = raw.grad(&gradients).map_or_else(|| zeros(raw.dims()[0]), |g| numbers(&g));
        results.push((format!("gradient of {}", parameter.name()), gradient));
    }
    results
}

/// A loss that weights every number at random.
#[must_use]
pub fn weighted<const N: usize>(x: &Tensor<N>, noise: &mut Noise) -> Tensor<1> {
    let weights = noise.tensor(x.dims(), -1.0, 1.0, &x.device()).cast(x.dtype());
    (x.clone() * weights).sum()
}

/// Every model variant with every count of its parameters; and, for the first two surrogates, what else there is to vary.
/// Losses, and the counts where only what learns varies, take turns: each is met with every surrogate and reset.
#[must_use]
pub fn cases<D: Neuron>(models: Vec<D>) -> Vec<Case<D>> {
    let mut cases = vec![];
    for (i, &model) in models.iter().enumerate() {
        let case = Case::new(model);
        for (j, counts) in COUNTS.into_iter().enumerate() {
            let loss = [Loss::Output, Loss::Everything, Loss::Traces, Loss::Finals][(i + i / 4 + j) % 4];
            cases.push(Case { counts, loss, ..case });
        }
        if model.surrogate().is_some_and(|s| matches!(s, Surrogate::Atan | Surrogate::Relu)) {
            let only = (0..<D::Params<f32> as Fields<f32>>::LEN).map(|k| Case { learn: Learn::Only(k), ..case });
            let others = [Case { learn: Learn::Nothing, ..case }, Case { steady: true, ..case }];
            let turns = COUNTS.into_iter().cycle().skip(i);
            cases.extend(others.into_iter().chain(only).zip(turns).map(|(case, counts)| Case { counts, ..case }));
        }
    }
    cases
}

/// A model with every surrogate, every reset, and the reset's gradient cut or kept.
pub fn with_resets<D>(model: impl Fn(Surrogate, Reset, bool) -> D) -> Vec<D> {
    let settings = Surrogate::ALL.into_iter().flat_map(|s| Reset::ALL.map(|reset| (s, reset)));
    settings.flat_map(|(surrogate, reset)| [true, false].map(|detach| model(surrogate, reset, detach))).collect()
}
