//! Inputs of the benchmarks.

use burn::tensor::{Device, Distribution, Tensor};
use synfire_dynamics::{CounterRng, SpikeBits};

/// The CPU backends by name, with autodiff.
#[must_use]
pub fn devices() -> [(&'static str, Device); 2] {
    #[allow(deprecated)] // Burn 0.22 names flex as its successor; both are measured
    [("flex", Device::flex().autodiff()), ("ndarray", Device::ndarray().autodiff())]
}

/// Spikes `[T, B, N]`, a share `density` of which are 1.
#[must_use]
pub fn spikes([steps, samples, inputs]: [usize; 3], density: f32) -> SpikeBits {
    CounterRng::new(0).spikes([steps, samples, inputs], &vec![density; samples * inputs], |_| true)
}

/// Values of a normal distribution around 0 with a standard deviation of `deviation`.
#[must_use]
pub fn normal<const N: usize>(shape: [usize; N], deviation: f64, device: &Device) -> Tensor<N> {
    Tensor::random(shape, Distribution::Normal(0.0, deviation), device)
}

/// The same as a leaf that a gradient is taken for.
#[must_use]
pub fn leaf<const N: usize>(tensor: Tensor<N>) -> Tensor<N> {
    tensor.require_grad()
}
