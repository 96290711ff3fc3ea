//! Pools as operations of their own, with one node for their backward.

#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use crate::pooling::Divisor;
use crate::window::Pool;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// A backend with pools of its own, in `f32`: `[N, C, H, W]` to `[N, C, oh, ow]`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait PoolBackend: Backend {
    /// Largest values.
    fn largest_pool(input: FloatTensor<Self>, sizes: Pool) -> FloatTensor<Self>;
    /// Sums, divided by what is asked for.
    fn sum_pool(input: FloatTensor<Self>, sizes: Pool, divisor: Divisor) -> FloatTensor<Self>;
}
