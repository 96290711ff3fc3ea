//! The scan as an operation of Burn's backends. One folder entry for each backend that has a kernel;
//! the others run by tensor operations (see [`Scan::run`](crate::Scan::run)).
//!
//! Every scan is one operation with three float tensors in and three out, so that its backward is
//! one node of the autodiff graph. A GPU interpretation adds `Cube` to the list below.

#![allow(deprecated)] // Burn 0.22 names flex as ndarray's successor; both are supported here

mod autodiff;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "ndarray")]
mod ndarray;

use crate::Dynamics;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, DispatchDevice, ExtensionType, backend_extension};
use burn::tensor::Tensor;

/// Sizes of a scan and what is wanted of it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) steps: usize,
    pub(crate) batch: usize,
    pub(crate) neurons: usize,
    /// Length of each constant.
    pub(crate) columns: Vec<usize>,
    pub(crate) traces: Vec<usize>,
    pub(crate) active: Vec<usize>,
}

/// What a scan returns.
#[derive(ExtensionType, Debug)]
pub(crate) struct ScanOutput<B: Backend> {
    /// `[T, B, N]`
    pub output: FloatTensor<B>,
    /// `[K, T, B, N]`
    pub traces: FloatTensor<B>,
    /// `[S, B, N]`
    pub finals: FloatTensor<B>,
}

/// What the adjoint of a scan returns, shaped like the arguments of the scan.
#[derive(ExtensionType, Debug)]
pub(crate) struct ScanGradients<B: Backend> {
    /// As the inputs.
    pub inputs: FloatTensor<B>,
    /// As the constants.
    pub constants: FloatTensor<B>,
    /// As the initial states.
    pub initial: FloatTensor<B>,
}

/// The gradients that flow into a scan; `None` is zero.
pub(crate) type Arriving<B> = [Option<FloatTensor<B>>; 3];

/// A backend with a fused scan.
///
/// `inputs` is `[I, T or 1, B, N]`, `constants` all columns one after the other, `initial` `[S, B, N]`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait ScanBackend: Backend {
    /// Runs the model over all steps.
    fn scan_forward<D: Dynamics>(
        inputs: FloatTensor<Self>,
        constants: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        model: D,
        plan: Plan,
    ) -> ScanOutput<Self>;
}

/// The adjoint of [`ScanBackend`], which only backends without autodiff of their own have.
pub(crate) trait ScanAdjoint: ScanBackend {
    /// Walks back through all steps; `arriving` are the gradients of output, traces and final states.
    fn scan_backward<D: Dynamics>(
        inputs: FloatTensor<Self>,
        constants: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        arriving: Arriving<Self>,
        model: D,
        plan: &Plan,
    ) -> ScanGradients<Self>;
}

/// Whether the tensor's device has a fused scan.
pub(crate) fn is_fused<const N: usize>(tensor: &Tensor<N>) -> bool {
    fn fused(device: &DispatchDevice) -> bool {
        match device {
            #[cfg(feature = "flex")]
            DispatchDevice::Flex(_) => true,
            #[cfg(feature = "ndarray")]
            DispatchDevice::NdArray(_) => true,
            #[allow(unreachable_patterns)]
            _ => false,
        }
    }
    fused(tensor.device().inner().as_dispatch())
}
