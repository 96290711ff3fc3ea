//! The scan as one operation with three tensors in and three out, so that its adjoint is one node of the autodiff
//! graph.

mod autodiff;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use crate::scan::{Operands, Results, ScanSpec};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, DispatchDevice, backend_extension};
use burn::tensor::{DType, Tensor};
use std::sync::Arc;

/// A backend with a fused scan.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cube"),
    Autodiff
)]
pub(crate) trait ScanBackend: Backend {
    /// Runs the model over all steps: from the tensors of [`Operands`] to those of [`Results`].
    fn scan_forward(
        inputs: FloatTensor<Self>,
        params: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        spec: Arc<ScanSpec>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// Upstream gradients: of the loss with respect to each result; `None` is zero.
pub(crate) type Upstream<B> = Results<Option<FloatTensor<B>>>;

/// The adjoint of [`ScanBackend`], which only backends without autodiff of their own have.
pub(crate) trait ScanAdjoint: ScanBackend {
    /// Walks back through all steps. Returns the gradients of the operands that are `wanted`.
    fn scan_backward(
        operands: Operands<FloatTensor<Self>>,
        upstream: Upstream<Self>,
        wanted: Operands<bool>,
        spec: &ScanSpec,
    ) -> Operands<Option<FloatTensor<Self>>>;
}

/// Whether the tensor's device has a kernel for inputs like this one.
pub(crate) fn has_kernel<const N: usize>(tensor: &Tensor<N>) -> bool {
    fn fuses(device: &DispatchDevice, dtype: DType) -> bool {
        match (device, dtype) {
            #[cfg(feature = "flex")]
            (DispatchDevice::Flex(_), DType::F32) => true,
            #[cfg(feature = "ndarray")]
            (DispatchDevice::NdArray(_), DType::F32) => true,
            // states are computed in `f32` there, whatever the inputs are
            #[cfg(feature = "cube")]
            (DispatchDevice::Cube(_), DType::F32 | DType::F16 | DType::BF16) => true,
            _ => false,
        }
    }
    fuses(tensor.device().inner().as_dispatch(), tensor.dtype())
}
