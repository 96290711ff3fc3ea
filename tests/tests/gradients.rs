//! The fused scan against the same scan as tensor operations: outputs, traces, final states, and the
//! gradients of input, initial states and every parameter.

use burn::tensor::{Device, Tensor};
use synfire::Surrogate;
use synfire::neuron::{Clif, If, Lif, Neuron, NeuronConfig, NeuronState, Neurons, ParameterConfig, Per, Plif, Reset};
use synfire_dynamics::Fields;
use synfire_tests::{Noise, device, numbers, relative_error};

const STEPS: usize = 12;
const BATCH: usize = 3;
const SHAPE: [usize; 2] = [6, 2];
const NEURONS: usize = SHAPE[0] * SHAPE[1];
const TOLERANCE: f64 = 1e-5;

/// How many numbers each parameter has.
#[derive(Clone, Copy, Debug)]
enum Counts {
    All(Per),
    /// The first per neuron, the second one number, the third per channel, and again from the start.
    Mixed,
}

const COUNTS: [Counts; 4] =
    [Counts::All(Per::Layer), Counts::All(Per::Channel), Counts::All(Per::Neuron), Counts::Mixed];

/// Which parameters learn. The kernel has a path for none, for one and for several constants.
#[derive(Clone, Copy, Debug)]
enum Learn {
    All,
    Only(usize),
    Nothing,
}

/// What the loss is made of, all weighted at random.
#[derive(Clone, Copy, Debug)]
enum Loss {
    Output,
    Traces,
    Finals,
    Everything,
}

/// One comparison.
#[derive(Clone, Copy, Debug)]
struct Case<D> {
    model: D,
    counts: Counts,
    learn: Learn,
    loss: Loss,
    /// An input of one row, the same at every step.
    steady: bool,
}

impl<D: Neuron> Case<D> {
    fn new(model: D) -> Self {
        Case { model, counts: Counts::Mixed, learn: Learn::All, loss: Loss::Everything, steady: false }
    }

    /// A layer whose parameters all have values of their own.
    fn layer(&self, noise: &mut Noise, device: &Device) -> Neurons {
        let parameters = D::Params::<ParameterConfig>::from_fn(|i| ParameterConfig {
            value: None,
            learn: Some(match self.learn {
                Learn::All => true,
                Learn::Only(one) => one == i,
                Learn::Nothing => false,
            }),
            per: match self.counts {
                Counts::All(per) => per,
                Counts::Mixed => [Per::Neuron, Per::Layer, Per::Channel][i % 3],
            },
        });
        let config = NeuronConfig { model: self.model, parameters, dt: 1.0 };
        let mut neurons = config.init(&SHAPE, device).unwrap();
        for parameter in &mut neurons.parameters {
            let shift = noise.tensor(parameter.raw.dims(), -0.1, 0.1, device);
            let learn = parameter.raw.is_require_grad();
            parameter.raw = parameter.raw.clone().map(|raw| (raw + shift).detach().set_require_grad(learn));
        }
        neurons
    }
}

/// Everything there is to compare, by name.
type Results = Vec<(String, Vec<f32>)>;

/// Runs a case one way or the other. `input` is the range of the currents.
fn evaluate<D: Neuron>(case: &Case<D>, fused: bool, input: [f32; 2], device: &Device) -> Results {
    let noise = &mut Noise::new(1);
    let neurons = case.layer(noise, device);
    let states = neurons.info().states;
    let rows = if case.steady { 1 } else { STEPS };
    let current = noise.tensor([rows, BATCH, NEURONS], input[0], input[1], device).require_grad();
    let initial: Vec<Tensor<2>> =
        states.iter().map(|_| noise.tensor([BATCH, NEURONS], -0.5, 0.5, device).require_grad()).collect();

    // the traces in another order than the states
    let traces: Vec<usize> = match case.loss {
        Loss::Traces | Loss::Everything => (0..states.len()).rev().collect(),
        Loss::Output | Loss::Finals => vec![],
    };
    let state = Some(NeuronState(initial.clone()));
    let out = match fused {
        true => neurons.run(current.clone(), STEPS, state, &traces),
        false => neurons.run_by_operations(current.clone(), STEPS, state, &traces),
    }
    .unwrap();

    let mut loss = Tensor::<1>::zeros([1], device);
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
    for parameter in neurons.parameters.iter().filter(|p| p.learns()) {
        let raw = parameter.raw.val();
        let gradient = raw.grad(&gradients).map_or_else(|| zeros(raw.dims()[0]), |g| numbers(&g));
        results.push((format!("gradient of {}", parameter.name()), gradient));
    }
    results
}

fn weighted<const N: usize>(x: &Tensor<N>, noise: &mut Noise) -> Tensor<1> {
    let weights = noise.tensor(x.dims(), -1.0, 1.0, &x.device());
    (x.clone() * weights).sum()
}

/// Compares all cases of one model on one backend.
fn compare<D: Neuron>(backend: &str, input: [f32; 2], cases: &[Case<D>]) {
    let device = device(backend);
    let mut worst = (0.0, String::new());
    let mut failures = vec![];
    let (mut spikes, mut nonzero) = (0.0, 0);
    for case in cases {
        let [fused, reference] = [true, false].map(|fused| evaluate(case, fused, input, &device));
        assert_eq!(fused[0].1, reference[0].1, "spikes of {case:?}");
        spikes += fused[0].1.iter().sum::<f32>() / fused[0].1.len() as f32 / cases.len() as f32;
        assert_eq!(fused.len(), reference.len());
        for ((name, actual), (_, expected)) in fused.iter().zip(&reference) {
            let error = relative_error(actual, expected);
            nonzero += usize::from(expected.iter().any(|x| *x != 0.0));
            let what = format!("{error:.1e} {name} of {case:?}");
            if error > TOLERANCE {
                failures.push(what.clone());
            }
            if error > worst.0 {
                worst = (error, what);
            }
        }
    }
    println!(
        "{} on {backend}: {} cases, {nonzero} tensors not zero, {:.0} % spikes",
        D::NAME,
        cases.len(),
        spikes * 100.0
    );
    println!("worst: {}", worst.1);
    assert!((0.05..0.6).contains(&spikes), "the neurons should fire now and then, not at a rate of {spikes}");
    assert!(failures.is_empty(), "{} above {TOLERANCE:e}:\n{}", failures.len(), failures.join("\n"));
}

/// Every model variant with every count of its parameters and two losses; and, for the first two
/// surrogates, what else there is to vary.
fn cases<D: Neuron>(models: Vec<D>) -> Vec<Case<D>> {
    let mut cases = vec![];
    for (i, &model) in models.iter().enumerate() {
        let case = Case::new(model);
        for counts in COUNTS {
            // the losses take turns, all are met with every surrogate, reset and count
            for loss in [[Loss::Output, Loss::Everything], [Loss::Traces, Loss::Finals]][(i + i / 2) % 2] {
                cases.push(Case { counts, loss, ..case });
            }
        }
        if model.surrogate().is_some_and(|s| matches!(s, Surrogate::Atan | Surrogate::Relu)) {
            let parameters = <D::Params<f32> as Fields<f32>>::LEN;
            for counts in COUNTS {
                cases.push(Case { learn: Learn::Nothing, counts, ..case });
                cases.extend((0..parameters).map(|i| Case { learn: Learn::Only(i), counts, ..case }));
                cases.push(Case { steady: true, counts, ..case });
            }
        }
    }
    cases
}

fn with_resets<D>(model: impl Fn(Surrogate, Reset, bool) -> D) -> Vec<D> {
    let settings = Surrogate::ALL.into_iter().flat_map(|s| Reset::ALL.map(|reset| (s, reset)));
    settings.flat_map(|(surrogate, reset)| [true, false].map(|detach| model(surrogate, reset, detach))).collect()
}

fn check_if(backend: &str) {
    compare(
        backend,
        [-0.6, 1.0],
        &cases(with_resets(|surrogate, reset, detach_reset| If { surrogate, reset, detach_reset })),
    );
}

fn check_lif(backend: &str) {
    compare(
        backend,
        [-0.6, 1.0],
        &cases(with_resets(|surrogate, reset, detach_reset| Lif { surrogate, reset, detach_reset })),
    );
}

fn check_plif(backend: &str) {
    compare(
        backend,
        [-1.0, 3.0],
        &cases(with_resets(|surrogate, reset, detach_reset| Plif { surrogate, reset, detach_reset })),
    );
}

fn check_clif(backend: &str) {
    compare(backend, [-0.6, 1.0], &cases(Surrogate::ALL.map(|surrogate| Clif { surrogate }).to_vec()));
}

#[test]
fn if_on_flex() {
    check_if("flex");
}

#[test]
fn if_on_ndarray() {
    check_if("ndarray");
}

#[test]
fn lif_on_flex() {
    check_lif("flex");
}

#[test]
fn lif_on_ndarray() {
    check_lif("ndarray");
}

#[test]
fn plif_on_flex() {
    check_plif("flex");
}

#[test]
fn plif_on_ndarray() {
    check_plif("ndarray");
}

#[test]
fn clif_on_flex() {
    check_clif("flex");
}

#[test]
fn clif_on_ndarray() {
    check_clif("ndarray");
}
