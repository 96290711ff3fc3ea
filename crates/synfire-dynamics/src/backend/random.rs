//! Random numbers as an operation of the backends that draw them themselves.

#![cfg_attr(not(feature = "cube"), allow(unused_variables))] // no backend reads them then

use crate::Draws;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};
use burn::tensor::Device;

/// A backend that draws where the numbers are wanted.
#[backend_extension(Cube: cfg(feature = "cube"))]
pub(crate) trait RandomBackend: Backend {
    /// Uniform numbers, `[rows, columns]`, on the device of `like`.
    fn uniform(like: FloatTensor<Self>, draws: Draws, shape: [usize; 2]) -> FloatTensor<Self>;
}

/// Whether the device is a GPU, which draws itself: what can be computed there need not be sent.
#[must_use]
pub fn is_gpu(device: &Device) -> bool {
    match device.clone().inner().as_dispatch() {
        #[cfg(feature = "cube")]
        burn::backend::DispatchDevice::Cube(_) => true,
        _ => false,
    }
}
