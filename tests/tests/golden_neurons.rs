//! Neurons against traces recorded from SPAIC: states and spikes at every step, and gradients.
//!
//! `SYNFIRE_GOLDEN` names the folder of the cases; without it and without `shared/golden/cases` next
//! to the workspace the tests skip, with a message.
//!
//! `plif` is not among them: SPAIC resets it one step late, by the previous step's spike, and ours at
//! once, as the paper does. So the recorded potentials are not ours from the first spike on.

use burn::tensor::{Device, Tensor};
use safetensors::SafeTensors;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use synfire::Surrogate;
use synfire::neuron::{Clif, If, Lif, Neuron, NeuronConfig, Neurons, ParameterConfig, Per};
use synfire_dynamics::Fields;
use synfire_tests::{absolute_error, devices, dot, numbers, tensor};

/// What is known of the recorded files.
#[derive(Deserialize)]
struct Index {
    /// Of many kinds; those of neurons are [`Recorded`].
    files: BTreeMap<String, serde_json::Value>,
}

/// One file.
#[derive(Deserialize)]
struct Recorded {
    file: String,
    cases: BTreeMap<String, Case>,
    tolerance_atol: BTreeMap<String, f64>,
}

/// One run in it.
#[derive(Clone, Deserialize)]
struct Case {
    params: BTreeMap<String, Given>,
    dt: f32,
    #[serde(rename = "T")]
    steps: usize,
    #[serde(rename = "B")]
    batch: usize,
    n: usize,
}

/// One number for the layer or one per neuron.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Given {
    One(f32),
    Each(Vec<f32>),
}

/// The arrays of a run.
struct Arrays<'a> {
    file: &'a SafeTensors<'a>,
    tolerances: &'a BTreeMap<String, f64>,
    tag: &'a str,
    /// By how much a backend may exceed the tolerances.
    slack: f64,
}

impl Arrays<'_> {
    fn find(&self, name: &str) -> Option<Vec<f32>> {
        let view = self.file.tensor(&format!("{}/{name}", self.tag)).ok()?;
        assert_eq!(view.dtype(), safetensors::Dtype::F32, "{name}");
        Some(view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    fn get(&self, name: &str) -> Vec<f32> {
        self.find(name).unwrap_or_else(|| panic!("no array {}/{name}", self.tag))
    }

    /// Compares with the recorded array of that name; returns the error as a share of the tolerance.
    fn compare(&self, actual: &[f32], name: &str, what: &str) -> f64 {
        let expected = self.get(name);
        assert_eq!(actual.len(), expected.len(), "{what}: {name}");
        let error = absolute_error(actual, &expected);
        let tolerance = self.tolerances[&format!("{}/{name}", self.tag)] * self.slack;
        assert!(error <= tolerance, "{what}: {name} is off by {error:e}, tolerance {tolerance:e}");
        if tolerance > 0.0 { error / tolerance } else { 0.0 }
    }
}

/// How a model's names are written in SPAIC.
struct Names {
    /// Parameters: ours, SPAIC's.
    parameters: &'static [(&'static str, &'static str)],
    /// States: ours, SPAIC's.
    states: &'static [(&'static str, &'static str)],
    /// Decays that SPAIC learns in place of our time constants: time constant, decay.
    decays: &'static [(&'static str, &'static str)],
}

/// The layer of a run, all its parameters learnable.
fn layer<D: Neuron>(model: D, names: &Names, case: &Case, device: &Device) -> Neurons {
    let infos = <D::Params<f32> as Fields<f32>>::INFO;
    let given = |ours: &str| {
        let spaic = names.parameters.iter().find(|(name, _)| *name == ours)?.1;
        case.params.get(spaic)
    };
    let parameters = D::Params::<ParameterConfig>::from_fn(|i| {
        let (value, per) = match given(infos[i].name) {
            Some(Given::One(value)) => (Some(*value), Per::Layer),
            Some(Given::Each(values)) => (Some(values[0]), Per::Neuron),
            None => (None, Per::Layer),
        };
        ParameterConfig { value, learn: Some(true), per, range: None }
    });
    let config = NeuronConfig { model, parameters, dt: case.dt, ..NeuronConfig::new() };
    let mut neurons = config.init(&[case.n], device).unwrap();
    for parameter in &mut neurons.parameters {
        if let Some(Given::Each(values)) = given(parameter.name()) {
            let raw = parameter.to_raw(tensor(values.clone(), [case.n], device));
            parameter.raw = parameter.raw.clone().map(|_| raw.require_grad());
        }
    }
    neurons
}

/// One way of running a case.
struct Run<'a> {
    names: &'a Names,
    case: &'a Case,
    arrays: Arrays<'a>,
    surrogate: &'a str,
    fused: bool,
    device: &'a Device,
    what: &'a str,
}

/// Runs and compares everything recorded; returns the largest error as a share of its tolerance.
fn check_run<D: Neuron>(model: D, run: &Run<'_>) -> f64 {
    let Run { names, case, arrays, surrogate, fused, device, what } = run;
    let neurons = layer(model, names, case, device);
    let dims = [case.steps, case.batch, case.n];
    let current = tensor(arrays.get("Isyn"), dims, device).require_grad();
    let traces: Vec<usize> = names.states.iter().map(|(ours, _)| neurons.state_index(ours).unwrap()).collect();
    let out = match fused {
        true => neurons.run(current.clone(), case.steps, None, &traces),
        false => neurons.run_by_operations(current.clone(), case.steps, None, &traces),
    }
    .unwrap();

    let mut errors = vec![arrays.compare(&numbers(&out.output), "O", what)];
    let mut loss: Tensor<1> = weighted(&out.output, arrays.get("coef/O"), device);
    let mut value = dot(&numbers(&out.output), &arrays.get("coef/O"));
    for ((_, spaic), trace) in names.states.iter().zip(&out.traces) {
        errors.push(arrays.compare(&numbers(trace), spaic, what));
        if let Some(coefficients) = arrays.find(&format!("coef/{spaic}")) {
            value += dot(&numbers(trace), &coefficients);
            loss = loss + weighted(trace, coefficients, device);
        }
    }

    let recorded = |name: &str| format!("grad_{surrogate}/{name}");
    errors.push(arrays.compare(&[value as f32], &recorded("loss"), what));
    let gradients = loss.backward();
    errors.push(arrays.compare(&numbers(&current.grad(&gradients).unwrap()), &recorded("Isyn"), what));
    let raw_gradient = |name: &str| numbers(&neurons.parameter(name).unwrap().raw.val().grad(&gradients).unwrap());
    if arrays.find(&recorded("V0")).is_some() {
        errors.push(arrays.compare(&raw_gradient("v0"), &recorded("V0"), what));
    }
    for (ours, spaic) in names.decays.iter().filter(|(_, spaic)| arrays.find(&recorded(spaic)).is_some()) {
        // SPAIC's gradient is to beta = exp(-dt / tau), ours to ln tau: d beta / d ln tau = beta dt / tau
        let taus = numbers(&neurons.parameter(ours).unwrap().value());
        let slope = |tau: f32| (-case.dt / tau).exp() * case.dt / tau;
        let gradient: Vec<f32> = raw_gradient(ours).iter().zip(taus).map(|(g, tau)| g / slope(tau)).collect();
        errors.push(arrays.compare(&gradient, &recorded(spaic), what));
    }
    errors.into_iter().fold(0.0, f64::max)
}

fn weighted(x: &Tensor<3>, coefficients: Vec<f32>, device: &Device) -> Tensor<1> {
    (x.clone() * tensor(coefficients, x.dims(), device)).sum()
}

/// Checks all cases of a model, with both surrogates that were recorded.
fn check<D: Neuron>(model: impl Fn(Surrogate) -> D, names: &Names) {
    let folder = std::env::var_os("SYNFIRE_GOLDEN")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/golden/cases"), PathBuf::from);
    let Ok(index) = std::fs::read(folder.join("index.json")) else {
        eprintln!("skipped: no golden traces of `{}` in {}; set SYNFIRE_GOLDEN", D::NAME, folder.display());
        return;
    };
    let index: Index = serde_json::from_slice(&index).unwrap();
    let recorded = index.files[&format!("neuron/{}", D::NAME)].clone();
    let recorded: Recorded = serde_json::from_value(recorded).unwrap();
    let bytes = std::fs::read(folder.join(&recorded.file)).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let (mut runs, mut worst) = (0, 0f64);
    for (tag, case) in &recorded.cases {
        for (surrogate, spaic) in [(Surrogate::Stca, "stca"), (Surrogate::Atan, "atan")] {
            for (backend, device) in devices() {
                for fused in [true, false] {
                    let way = if fused { "fused" } else { "by operations" };
                    let what = format!("{}/{tag} with {spaic} on {backend} {way}", D::NAME);
                    // drivers contract products and sums as they like
                    let slack = if backend == "wgpu" { 5.0 } else { 1.0 };
                    let arrays = Arrays { file: &file, tolerances: &recorded.tolerance_atol, tag, slack };
                    let run = Run { names, case, arrays, surrogate: spaic, fused, device: &device, what: &what };
                    worst = worst.max(check_run(model(surrogate), &run));
                    runs += 1;
                }
            }
        }
    }
    assert!(runs > 0, "no case of {}", D::NAME);
    println!(
        "{}: {} cases, {runs} runs, largest error {:.0} % of its tolerance",
        D::NAME,
        recorded.cases.len(),
        worst * 100.0
    );
}

#[test]
fn integrate_and_fire() {
    let names =
        Names { parameters: &[("v_th", "v_th"), ("decay", "ConstantDecay")], states: &[("v", "V")], decays: &[] };
    check(|surrogate| If { surrogate, ..If::default() }, &names);
}

#[test]
fn leaky_integrate_and_fire() {
    // SPAIC takes a `v_reset` and ignores it: it is not among the parameters
    let names = Names {
        parameters: &[("tau_m", "tau_m"), ("v_th", "v_th")],
        states: &[("v", "V")],
        decays: &[("tau_m", "tauM")],
    };
    check(|surrogate| Lif { surrogate, ..Lif::default() }, &names);
}

#[test]
fn current_based_leaky_integrate_and_fire() {
    let names = Names {
        parameters: &[("tau_m", "tau_m"), ("tau_p", "tau_p"), ("tau_q", "tau_q"), ("v_th", "v_th")],
        states: &[("m", "M"), ("s", "S"), ("e", "E"), ("v", "V")],
        decays: &[("tau_m", "tauM"), ("tau_p", "tauP"), ("tau_q", "tauQ")],
    };
    check(|surrogate| Clif { surrogate }, &names);
}
