//! The fused scan against the same scan as tensor operations: outputs, traces, final states, and the
//! gradients of input, initial states and every parameter.

use burn::tensor::{DType, Device, Tensor};
use synfire::Surrogate;
use synfire::neuron::{Clif, If, Lif, Neuron, NeuronConfig, NeuronState, Neurons, ParameterConfig, Per, Plif, Reset};
use synfire_dynamics::{Fields, Scan};
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

/// The ways to run a case.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Fused,
    Operations,
    /// Operations in double precision: what both should be.
    Exact,
    /// The same with currents, states and parameters that differ by about a rounding error in single precision.
    Shaken,
}

impl Way {
    /// A leaf of the graph, in this way's precision.
    fn leaf<const N: usize>(self, x: Tensor<N>, learn: bool) -> Tensor<N> {
        let double = matches!(self, Way::Exact | Way::Shaken);
        let x = x.cast(if double { DType::F64 } else { DType::F32 });
        let x = match self {
            Way::Shaken => {
                let noise = Noise::new(2).tensor(x.dims(), -1e-7, 1e-7, &x.device()).cast(DType::F64);
                x * (noise + 1.0)
            }
            _ => x,
        };
        x.detach().set_require_grad(learn)
    }
}

/// Runs a case. `input` is the range of the currents.
fn evaluate<D: Neuron>(case: &Case<D>, way: Way, input: [f32; 2], device: &Device) -> Results {
    let noise = &mut Noise::new(1);
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
    for parameter in neurons.parameters.iter().filter(|p| p.learns()) {
        let raw = parameter.raw.val();
        let gradient = raw.grad(&gradients).map_or_else(|| zeros(raw.dims()[0]), |g| numbers(&g));
        results.push((format!("gradient of {}", parameter.name()), gradient));
    }
    results
}

fn weighted<const N: usize>(x: &Tensor<N>, noise: &mut Noise) -> Tensor<1> {
    let weights = noise.tensor(x.dims(), -1.0, 1.0, &x.device()).cast(x.dtype());
    (x.clone() * weights).sum()
}

/// Whether a difference above the tolerance is rounding and nothing else.
///
/// Some gradients are small sums of large numbers of both signs, or products with `1 - v_th * slope`
/// close to zero. What single precision makes of them is as far from the truth for one order of
/// summation as for another. So the truth is the judge: the scan must be as close to it as the
/// operations are, or as it is to itself when its arguments are rounded, but for a small factor.
fn is_rounding(fused: f64, operations: f64, shaken: f64) -> bool {
    fused <= TOLERANCE.max(2.0 * operations).max(10.0 * shaken)
}

/// Compares all cases of one model on one backend.
fn compare<D: Neuron>(backend: &str, input: [f32; 2], cases: &[Case<D>]) {
    let device = device(backend);
    let run = |case: &Case<D>, way: Way| evaluate(case, way, input, &device);
    let (mut tensors, mut spikes, mut worst) = (0, 0.0, (0.0, String::new()));
    let (mut rounded, mut wrong) = (vec![], vec![]);
    for case in cases {
        let [fused, reference] = [Way::Fused, Way::Operations].map(|way| run(case, way));
        assert_eq!(fused[0].1, reference[0].1, "spikes of {case:?}");
        spikes += fused[0].1.iter().sum::<f32>() / fused[0].1.len() as f32 / cases.len() as f32;
        assert_eq!(fused.len(), reference.len());
        for (i, ((name, actual), (_, expected))) in fused.iter().zip(&reference).enumerate() {
            let error = relative_error(actual, expected);
            tensors += usize::from(expected.iter().any(|x| *x != 0.0));
            if error > TOLERANCE {
                let [exact, shaken] = [Way::Exact, Way::Shaken].map(|way| {
                    let mut results = run(case, way);
                    assert_eq!(results[0].1, fused[0].1, "{way:?} judges only where it spikes alike: {case:?}");
                    results.swap_remove(i).1
                });
                let [of_fused, of_operations, of_shaken] =
                    [actual, expected, &shaken].map(|x| relative_error(x, &exact));
                let what = format!(
                    "{error:.1e} {name} of {case:?}; to double precision: fused {of_fused:.1e}, \
                     operations {of_operations:.1e}, shaken {of_shaken:.1e}"
                );
                if is_rounding(of_fused, of_operations, of_shaken) { rounded.push(what) } else { wrong.push(what) }
            } else if error > worst.0 {
                worst = (error, format!("{error:.1e} {name} of {case:?}"));
            }
        }
        if wrong.len() > 20 {
            break; // enough to see what is wrong
        }
    }
    println!(
        "{} on {backend}: {} cases, {tensors} tensors not zero, {:.0} % spikes\nworst: {}\n{} by rounding:\n  {}",
        D::NAME,
        cases.len(),
        spikes * 100.0,
        worst.1,
        rounded.len(),
        rounded.join("\n  ")
    );
    assert!(wrong.is_empty(), "{} above {TOLERANCE:e}:\n{}", wrong.len(), wrong.join("\n"));
    assert!((0.05..0.6).contains(&spikes), "the neurons should fire now and then, not at a rate of {spikes}");
    assert!(rounded.len() * 200 < tensors, "rounding is the exception, not {} of {tensors}", rounded.len());
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

/// All cases on flex. On ndarray, where only the way into the same kernels is another, every third.
fn check<D: Neuron>(backend: &str, input: [f32; 2], models: Vec<D>) {
    let step = if backend == "flex" { 1 } else { 3 };
    compare(backend, input, &cases(models).into_iter().step_by(step).collect::<Vec<_>>());
}

fn check_if(backend: &str) {
    check(backend, [-0.6, 1.0], with_resets(|surrogate, reset, detach_reset| If { surrogate, reset, detach_reset }));
}

fn check_lif(backend: &str) {
    check(backend, [-0.6, 1.0], with_resets(|surrogate, reset, detach_reset| Lif { surrogate, reset, detach_reset }));
}

fn check_plif(backend: &str) {
    check(backend, [-1.0, 3.0], with_resets(|surrogate, reset, detach_reset| Plif { surrogate, reset, detach_reset }));
}

fn check_clif(backend: &str) {
    check(backend, [-0.6, 1.0], Surrogate::ALL.map(|surrogate| Clif { surrogate }).to_vec());
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

#[test]
fn constants_of_any_lengths_go_together() {
    // one number, one per neuron, and two counts of channels at once
    for (backend, lengths) in [("flex", [6, 3, 12, 1]), ("ndarray", [4, 12, 2, 6]), ("flex", [1, 1, 12, 12])] {
        let device = device(backend);
        let model = Lif { reset: Reset::Subtract, detach_reset: false, ..Lif::default() };
        let [fused, reference] = [true, false].map(|fused| {
            let noise = &mut Noise::new(12);
            let current = noise.tensor([STEPS, BATCH, NEURONS], -0.6, 1.0, &device).require_grad();
            let centers = [0.8, 0.9, 0.1, 2.0].into_iter().zip(lengths);
            let constants: Vec<Tensor<1>> =
                centers.map(|(x, len)| noise.tensor([len], x - 0.1, x + 0.1, &device).require_grad()).collect();
            let scan = Scan {
                steps: STEPS,
                inputs: vec![current.clone()],
                constants: constants.clone(),
                initial: vec![Tensor::zeros([BATCH, NEURONS], &device)],
                traces: vec![0],
                active: vec![0, 1, 3],
            };
            let out = if fused { scan.run(model) } else { scan.run_by_operations(model) }.unwrap();
            let gradients = (weighted(&out.output, noise) + weighted(&out.traces[0], noise)).backward();
            let mut results = vec![numbers(&out.output), numbers(&current.grad(&gradients).unwrap())];
            // constant 2, the reset potential, is not active and has no part in a subtraction
            results.extend([0, 1, 3].map(|k: usize| numbers(&constants[k].grad(&gradients).unwrap())));
            results
        });
        assert_eq!(fused[0], reference[0], "{backend} {lengths:?}");
        for (i, (actual, expected)) in fused.iter().zip(&reference).enumerate() {
            let error = relative_error(actual, expected);
            assert!(error < TOLERANCE, "{backend} {lengths:?} result {i}: {error:e}");
        }
    }
}
