//! A recurrent layer over all steps as one operation with one node of the autodiff graph.

#[cfg(any(feature = "flex", feature = "ndarray"))]
mod autodiff;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use crate::scan::RecurrentSpec;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};
use std::sync::Arc;

/// A backend with a recurrent layer of its own, in `f32`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait RecurrentBackend: Backend {
    /// Runs the layer over all steps: from the tensors of `Operands` and `FeedbackParts` to those of `Results`.
    fn recurrent_forward(
        inputs: FloatTensor<Self>,
        params: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        line: FloatTensor<Self>,
        spec: Arc<RecurrentSpec>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
