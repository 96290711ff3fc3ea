//! The scan's GPU kernels against its CPU kernels: spikes, traces, final states and all gradients.
//!
//! Built with `--features wgpu`; skips where no adapter is found.

use burn::tensor::Device;
use synfire_tests::cases::Way;
use synfire_tests::{Comparison, check, gpu};

fn compare(model: &str) {
    let Some(gpu) = gpu() else { return };
    let flex = Device::flex().autodiff();
    let comparison = Comparison {
        actual: (gpu, Way::Fused),
        expected: (flex.clone(), Way::Fused),
        of_states: 1e-5,
        of_gradients: 1e-4,
        judge: flex,
    };
    check(model, &comparison, 1, "on wgpu against flex");
}

#[test]
fn if_on_wgpu() {
    compare("if");
}

#[test]
fn lif_on_wgpu() {
    compare("lif");
}

#[test]
fn plif_on_wgpu() {
    compare("plif");
}

#[test]
fn clif_on_wgpu() {
    compare("clif");
}

#[test]
fn five_states_with_exponentials_and_powers_on_wgpu() {
    compare("stretch");
}
