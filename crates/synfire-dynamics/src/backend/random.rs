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

/// Whether this device's backend is one of them.
pub(crate) fn draws_itself(device: &Device) -> bool {
    match device.as_dispatch() {
        #[cfg(feature = "cube")]
        burn::backend::DispatchDevice::Cube(_) => true,
        _ => false,
    }
}
