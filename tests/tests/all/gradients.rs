//! The fused scan against the same scan as tensor operations: outputs, traces, final states, and the
//! gradients of input, initial states and every parameter.

use burn::tensor::Tensor;
use synfire::neuron::{Lif, Reset};
use synfire_dynamics::Scan;
use synfire_tests::cases::{BATCH, NEURONS, STEPS, Way, weighted};
use synfire_tests::{Comparison, Noise, check, device, numbers, relative_error};

const TOLERANCE: f64 = 1e-5;

/// All cases on flex. On ndarray, where only the way into the same kernels is another, every third.
fn compare(model: &str, backend: &str) {
    let device = device(backend);
    let comparison = Comparison {
        actual: (device.clone(), Way::Fused),
        expected: (device.clone(), Way::Operations),
        of_states: TOLERANCE,
        of_gradients: TOLERANCE,
        judge: device,
    };
    check(model, &comparison, if backend == "flex" { 1 } else { 3 }, backend);
}

#[test]
fn if_on_flex() {
    compare("if", "flex");
}

#[test]
fn if_on_ndarray() {
    compare("if", "ndarray");
}

#[test]
fn lif_on_flex() {
    compare("lif", "flex");
}

#[test]
fn lif_on_ndarray() {
    compare("lif", "ndarray");
}

#[test]
fn plif_on_flex() {
    compare("plif", "flex");
}

#[test]
fn plif_on_ndarray() {
    compare("plif", "ndarray");
}

#[test]
fn clif_on_flex() {
    compare("clif", "flex");
}

#[test]
fn clif_on_ndarray() {
    compare("clif", "ndarray");
}

#[test]
fn stretch_on_flex() {
    compare("stretch", "flex");
}

#[test]
fn stretch_on_ndarray() {
    compare("stretch", "ndarray");
}

#[test]
fn parameters_of_any_lengths_go_together() {
    // one number, one per neuron, and two counts of channels at once
    for (backend, lengths) in [("flex", [6, 3, 12, 1]), ("ndarray", [4, 12, 2, 6]), ("flex", [1, 1, 12, 12])] {
        let device = device(backend);
        let model = Lif { reset: Reset::Soft, detach_reset: false, ..Lif::default() };
        let [fused, reference] = [true, false].map(|fused| {
            let noise = &mut Noise::new(12);
            let current = noise.tensor([STEPS, BATCH, NEURONS], -0.6, 1.0, &device).require_grad();
            let centers = [5.0, 0.9, 0.1, 2.0].into_iter().zip(lengths);
            let params: Vec<Tensor<1>> =
                centers.map(|(x, len)| noise.tensor([len], x - 0.1, x + 0.1, &device).require_grad()).collect();
            let scan = Scan {
                steps: STEPS,
                dt: 1.0,
                inputs: vec![current.clone()],
                params: params.clone(),
                bounds: vec![],
                initial: vec![Tensor::zeros([BATCH, NEURONS], &device)],
                traces: vec![0],
                learnable: vec![0, 1, 3],
            };
            let out = if fused { scan.run(model) } else { scan.run_by_operations(model) }.unwrap();
            let gradients = (weighted(&out.output, noise) + weighted(&out.traces[0], noise)).backward();
            let mut results = vec![numbers(&out.output), numbers(&current.grad(&gradients).unwrap())];
            // parameter 2, the reset potential, does not learn and has no part in a subtraction
            results.extend([0, 1, 3].map(|k: usize| numbers(&params[k].grad(&gradients).unwrap())));
            results
        });
        assert_eq!(fused[0], reference[0], "{backend} {lengths:?}");
        for (i, (actual, expected)) in fused.iter().zip(&reference).enumerate() {
            let error = relative_error(actual, expected);
            assert!(error < TOLERANCE, "{backend} {lengths:?} result {i}: {error:e}");
        }
    }
}
