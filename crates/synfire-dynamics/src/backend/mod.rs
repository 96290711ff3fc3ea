//! The scan as an operation of Burn's backends. One folder entry for each backend that has a kernel;
//! the others run by tensor operations (see [`Scan::run`](crate::Scan::run)).
//!
//! Every scan is one operation with three float tensors in and three out, so that its backward is
//! one node of the autodiff graph.

#![allow(deprecated)] // Burn 0.22 names flex as ndarray's successor; both are supported here

mod autodiff;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;
#[cfg(feature = "cube")]
mod cube;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "cube")]
mod fusion;
#[cfg(feature = "ndarray")]
mod ndarray;

use crate::Dynamics;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, DispatchDevice, ExtensionType, backend_extension};
use burn::tensor::{DType, Shape, Tensor};

/// Sizes of a scan and what is wanted of it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) steps: usize,
    #[cfg_attr(not(feature = "cube"), allow(dead_code))] // only kernels that derive constants ask
    pub(crate) dt: f32,
    pub(crate) batch: usize,
    pub(crate) neurons: usize,
    /// Length of each constant or parameter, whichever the backend takes (see [`Derives`]).
    pub(crate) columns: Vec<usize>,
    /// States to record.
    pub(crate) traces: Vec<usize>,
    /// Constants or parameters to differentiate.
    pub(crate) active: Vec<usize>,
}

impl Plan {
    /// Shapes of the results: output, traces, final states.
    fn output_shapes(&self, states: usize) -> [Shape; 3] {
        let (t, b, n) = (self.steps, self.batch, self.neurons);
        [Shape::from([t, b, n]), Shape::from([self.traces.len(), t, b, n]), Shape::from([states, b, n])]
    }
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
/// `inputs` is `[I, T or 1, B, N]`, `constants` all columns one after the other (the parameters where
/// the kernel derives the constants), `initial` `[S, B, N]`.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cube"),
    Autodiff
)]
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

/// Where the constants of a step are derived from the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derives {
    /// By tensor operations, once for a layer.
    BeforeKernel,
    /// In the kernel: on a GPU arithmetic is cheap and every launch is not.
    #[cfg_attr(not(feature = "cube"), allow(dead_code))]
    InKernel,
}

/// How the tensor's device fuses a scan with inputs like this one, if it does.
pub(crate) fn fusion_of<const N: usize>(tensor: &Tensor<N>) -> Option<Derives> {
    fn fusion(device: &DispatchDevice, dtype: DType) -> Option<Derives> {
        match (device, dtype) {
            #[cfg(feature = "flex")]
            (DispatchDevice::Flex(_), DType::F32) => Some(Derives::BeforeKernel),
            #[cfg(feature = "ndarray")]
            (DispatchDevice::NdArray(_), DType::F32) => Some(Derives::BeforeKernel),
            // states are computed in `f32` there, whatever the inputs are
            #[cfg(feature = "cube")]
            (DispatchDevice::Cube(_), DType::F32 | DType::F16 | DType::BF16) => Some(Derives::InKernel),
            _ => None,
        }
    }
    fusion(tensor.device().inner().as_dispatch(), tensor.dtype())
}
