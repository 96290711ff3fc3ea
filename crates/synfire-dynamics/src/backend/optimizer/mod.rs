//! Steps of optimisers as operations of the backends that take them in one pass.

#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use crate::optimizer::{AdamFactors, SgdFactors};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// A backend with optimisers of its own, in `f32`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub(crate) trait OptimizerBackend: Backend {
    /// Parameters and moments after a step of Adam. All tensors have one shape.
    fn adam(
        parameters: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        factors: AdamFactors,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// Parameters and velocity after a step of gradient descent. All tensors have one shape.
    fn sgd(
        parameters: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        factors: SgdFactors,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}
