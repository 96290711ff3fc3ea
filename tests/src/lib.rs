//! Helpers of the tests across crates.

pub mod book;
pub mod cases;
mod comparison;
pub mod golden;
mod models;
mod stretch;

pub use comparison::Comparison;
pub use models::check;
pub use stretch::Stretch;

use burn::tensor::{DType, Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held by a test that trains, draws from Burn's random numbers or seeds them: they are one sequence for the whole process,
/// and tests run in parallel.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    // a test that failed has told so
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The backends with a fused scan, with autodiff. `wgpu` is one of them where it was built and finds
/// an adapter.
#[must_use]
pub fn devices() -> Vec<(&'static str, Device)> {
    #[allow(deprecated)] // Burn 0.22 names flex as ndarray's successor; both are supported here
    let ndarray = Device::ndarray();
    let mut devices = vec![("flex", Device::flex().autodiff()), ("ndarray", ndarray.autodiff())];
    if cfg!(feature = "wgpu") {
        devices.extend(gpu().map(|gpu| ("wgpu", gpu)));
    }
    devices
}

/// Tensors on a GPU with autodiff, or a visible line that there is none.
#[must_use]
pub fn gpu() -> Option<Device> {
    match synfire::device::open("wgpu") {
        Ok(device) => Some(device.autodiff()),
        Err(error) => {
            println!("skipped: {error}");
            None
        }
    }
}

/// One of [`devices`] by name.
///
/// # Panics
///
/// If there is none of that name.
#[must_use]
pub fn device(name: &str) -> Device {
    devices().into_iter().find(|(known, _)| *known == name).expect("a backend of that name").1
}

/// A stream of uniform numbers, the same for the same seed on every machine.
#[derive(Debug)]
pub struct Noise(ChaCha8Rng);

impl Noise {
    /// Starts a stream.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Noise(ChaCha8Rng::seed_from_u64(seed))
    }

    /// `count` numbers in `low..high`.
    #[must_use]
    pub fn numbers(&mut self, count: usize, low: f32, high: f32) -> Vec<f32> {
        let mut unit = || (self.0.next_u32() >> 8) as f32 / (1u32 << 24) as f32;
        (0..count).map(|_| low + (high - low) * unit()).collect()
    }

    /// A tensor of numbers in `low..high`.
    #[must_use]
    pub fn tensor<const N: usize>(&mut self, dims: [usize; N], low: f32, high: f32, device: &Device) -> Tensor<N> {
        tensor(self.numbers(dims.iter().product(), low, high), dims, device)
    }
}

/// A tensor of these numbers.
#[must_use]
pub fn tensor<const N: usize>(numbers: Vec<f32>, dims: [usize; N], device: &Device) -> Tensor<N> {
    Tensor::from_data(TensorData::new(numbers, dims), device)
}

/// The numbers of a tensor.
///
/// # Panics
///
/// If they are not `f32`.
#[must_use]
pub fn numbers<const N: usize>(tensor: &Tensor<N>) -> Vec<f32> {
    tensor.clone().cast(DType::F32).into_data().try_into_vec().expect("f32")
}

/// References whose numbers are all below this are zero but for rounding, and are compared absolutely.
pub const ALMOST_ZERO: f64 = 1e-6;

/// Largest difference relative to the largest number of `reference`. Where the reference is
/// [almost zero](ALMOST_ZERO) a tenth takes its place: an absolute difference of `1e-6` is an error of `1e-5`.
///
/// NaN anywhere is an infinite error.
///
/// # Panics
///
/// If there are not as many of one as of the other.
#[must_use]
pub fn relative_error(actual: &[f32], reference: &[f32]) -> f64 {
    assert_eq!(actual.len(), reference.len(), "as many numbers as in the reference");
    let largest = reference.iter().fold(0.0, |most: f64, x| most.max(f64::from(x.abs())));
    absolute_error(actual, reference) / if largest < ALMOST_ZERO { 0.1 } else { largest }
}

/// Largest difference; infinite if there is a NaN.
#[must_use]
pub fn absolute_error(actual: &[f32], reference: &[f32]) -> f64 {
    let differences = actual.iter().zip(reference).map(|(a, r)| (f64::from(*a) - f64::from(*r)).abs());
    differences.fold(0.0, |most, d| if d.is_nan() { f64::INFINITY } else { most.max(d) })
}

/// Sum of products in double precision.
#[must_use]
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_seen() {
        assert_eq!(relative_error(&[1.0, 4.5], &[1.0, 4.0]), 0.125);
        assert_eq!(relative_error(&[0.0], &[0.0]), 0.0);
        assert!(relative_error(&[2e-6], &[0.0]) > 1e-5);
        assert_eq!(relative_error(&[f32::NAN], &[1.0]), f64::INFINITY);
        assert_eq!(relative_error(&[f32::NAN, 1.0], &[1.0, 1.0]), f64::INFINITY);
    }
}
