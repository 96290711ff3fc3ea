//! Random numbers as an operation of the backends that draw them on their own device.

#![cfg_attr(not(feature = "cube"), allow(unused_variables))] // no backend reads them then

use crate::CounterRng;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// A backend that draws random numbers on its own device.
#[backend_extension(Cube: cfg(feature = "cube"))]
pub(crate) trait RandomBackend: Backend {
    /// Uniform random tensor `[rows, columns]` on the device of `like`.
    fn uniform(like: FloatTensor<Self>, rng: CounterRng, shape: [usize; 2]) -> FloatTensor<Self>;
}
