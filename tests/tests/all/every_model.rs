//! Every model of the registry, with its defaults and as SPAIC has it: the fused scan against the same scan
//! as tensor operations.

use burn::tensor::{Device, Tensor};
use serde_json::json;
use synfire::neuron::{OutputKind, Settings, registry};
use synfire_tests::{Noise, book, devices, numbers, relative_error};

const STEPS: usize = 20;
const BATCH: usize = 3;
const NEURONS: usize = 10;

/// Output, traces and the gradients of the inputs.
struct Results {
    output: Vec<f32>,
    traces: Vec<Vec<f32>>,
    gradients: Vec<Vec<f32>>,
}

/// Runs a model with inputs up to `strength`.
fn run(entry: &registry::Entry, settings: &Settings, strength: f32, fused: bool, device: &Device) -> Results {
    let neurons = entry.layer(settings, &[NEURONS], 0.5, device).unwrap();
    let info = neurons.info();
    let noise = &mut Noise::new(3);
    let dims = [STEPS, BATCH, NEURONS];
    let inputs: Vec<Tensor<3>> =
        info.inputs.iter().map(|_| noise.tensor(dims, -0.3 * strength, strength, device).require_grad()).collect();
    let traces: Vec<usize> = (0..info.states.len()).collect();
    let out = match fused {
        true => neurons.run(inputs.clone(), STEPS, None, &traces),
        false => neurons.run_by_operations(inputs.clone(), STEPS, None, &traces),
    };
    let out = out.unwrap();
    let mut results =
        Results { output: numbers(&out.output), traces: out.traces.iter().map(numbers).collect(), gradients: vec![] };
    if info.differentiable {
        let mut loss = (out.output * noise.tensor(dims, -1.0, 1.0, device)).sum();
        for trace in out.traces {
            loss = loss + (trace * noise.tensor(dims, -1.0, 1.0, device)).sum();
        }
        let gradients = loss.backward();
        // where nothing flows the graph of operations has no gradient and the scan a zero
        let of = |x: &Tensor<3>| x.grad(&gradients).map_or_else(|| vec![0.0; dims.iter().product()], |g| numbers(&g));
        results.gradients = inputs.iter().map(of).collect();
    }
    results
}

/// The weakest input at which the neurons fire now and then.
fn strength(entry: &registry::Entry, settings: &Settings, device: &Device) -> f32 {
    let strengths = [0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 1000.0, 10_000.0];
    let fires = |strength: &f32| {
        let output = run(entry, settings, *strength, true, device).output;
        let rate = output.iter().sum::<f32>() / output.len() as f32;
        entry.info.output == OutputKind::Graded || rate > 0.03
    };
    strengths.into_iter().find(fires).unwrap_or_else(|| panic!("{} never fires", entry.info.name))
}

#[test]
fn fused_is_as_by_operations() {
    for entry in book::built_in_models() {
        let name = entry.info.name;
        // by default this one has no noise, and nothing else makes it fire
        let noisy = (name == "darwin_random").then(|| [("std".to_string(), json!(9000.0))].into());
        let mut ways: Vec<Settings> = vec![noisy.unwrap_or_default()];
        if entry.has_setting("spaic_compat") {
            ways.push([("spaic_compat".to_string(), json!(true))].into());
        }
        for settings in ways {
            let strength = strength(&entry, &settings, &Device::flex().autodiff());
            for (backend, device) in devices() {
                let [fused, operations] = [true, false].map(|fused| run(&entry, &settings, strength, fused, &device));
                let what = format!("{name} {settings:?} on {backend} with inputs up to {strength}");
                let error = relative_error(&fused.output, &operations.output);
                assert!(error < 1e-5, "{what}: outputs differ by {error:e}");
                let pairs = fused.traces.iter().zip(&operations.traces);
                for ((ours, reference), state) in pairs.zip(entry.info.states) {
                    let error = relative_error(ours, reference);
                    assert!(error < 1e-4, "{what}: `{}` differs by {error:e}", state.name);
                }
                let pairs = fused.gradients.iter().zip(&operations.gradients);
                for ((ours, reference), input) in pairs.zip(entry.info.inputs) {
                    let error = relative_error(ours, reference);
                    assert!(error < 1e-4, "{what}: the gradient of `{}` differs by {error:e}", input.name);
                }
            }
        }
    }
}
