//! Random numbers as an operation of the backends that draw them on their own device.

#![cfg_attr(not(feature = "cube"), allow(unused_variables))] // no backend reads them then

use crate::CounterRng;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// A backend that draws random numbers on its own device.
#[backend_extension(Cube: cfg(feature = "cube"))]
pub(crate) trait RandomBackend: Backend {
    /// Uniform random tensor `[steps, samples, columns]` on the device of `indices`: the lower and the upper 16 bits of
    /// each sample's index, `[2 samples]`.
    fn uniform(indices: FloatTensor<Self>, rng: CounterRng, shape: [usize; 3]) -> FloatTensor<Self>;
}
