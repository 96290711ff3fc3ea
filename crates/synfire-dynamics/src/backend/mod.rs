//! The scan, the products of linear connections and convolutions, pools, batch normalisation and random numbers as
//! operations of Burn's backends. One folder
//! entry for each backend that has a kernel; the others run by tensor operations (see
//! [`Scan::run`](crate::Scan::run)).
//!
//! Every scan is one operation with three float tensors in and three out, so that its backward is
//! one node of the autodiff graph.

#![allow(deprecated)] // Burn 0.22 names flex as ndarray's successor; both are supported here

mod autodiff;
mod conv;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;
#[cfg(feature = "cube")]
mod cube;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "cube")]
mod fusion;
mod linear;
#[cfg(feature = "ndarray")]
mod ndarray;
mod norm;
mod pool;
mod random;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod tensors;

pub(crate) use conv::ConvBackend;
pub(crate) use linear::{LinearBackend, has_product};
pub(crate) use norm::NormBackend;
pub(crate) use pool::PoolBackend;
pub(crate) use random::RandomBackend;

use crate::graph::Equations;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, DispatchDevice, ExtensionType, backend_extension};
use burn::tensor::{DType, Device, Shape, Tensor};
use std::sync::Arc;

/// A model, sizes of the scan and what is wanted of it.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) equations: Arc<Equations>,
    pub(crate) steps: usize,
    pub(crate) batch: usize,
    pub(crate) neurons: usize,
    /// Length of each parameter.
    pub(crate) param_lens: Vec<usize>,
    /// States to record.
    pub(crate) traces: Vec<usize>,
    /// Parameters to differentiate.
    pub(crate) active: Vec<usize>,
}

impl Plan {
    /// Shapes of the results: output, traces, final states.
    fn output_shapes(&self) -> [Shape; 3] {
        let (t, b, n) = (self.steps, self.batch, self.neurons);
        [
            Shape::from([t, b, n]),
            Shape::from([self.traces.len(), t, b, n]),
            Shape::from([self.equations.states(), b, n]),
        ]
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
#[derive(Debug)]
pub(crate) struct ScanGradients<B: Backend> {
    /// As the inputs, if wanted.
    pub inputs: Option<FloatTensor<B>>,
    /// As the parameters.
    pub params: FloatTensor<B>,
    /// As the initial states.
    pub initial: FloatTensor<B>,
}

/// The gradients that flow into a scan; `None` is zero.
pub(crate) type Upstream<B> = [Option<FloatTensor<B>>; 3];

/// A backend with a fused scan.
///
/// `inputs` is `[I, T or 1, B, N]`, `params` all parameters one after the other, `initial` `[S, B, N]`.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cube"),
    Autodiff
)]
pub(crate) trait ScanBackend: Backend {
    /// Runs the model over all steps.
    fn scan_forward(
        inputs: FloatTensor<Self>,
        params: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        plan: Plan,
    ) -> ScanOutput<Self>;
}

/// The adjoint of [`ScanBackend`], which only backends without autodiff of their own have.
pub(crate) trait ScanAdjoint: ScanBackend {
    /// Walks back through all steps; `upstream` are the gradients of output, traces and final states.
    fn scan_backward(
        inputs: FloatTensor<Self>,
        params: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        upstream: Upstream<Self>,
        wants_inputs: bool,
        plan: &Plan,
    ) -> ScanGradients<Self>;
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

/// Whether the device is a GPU: what can be computed there need not be sent.
#[must_use]
pub fn is_gpu(device: &Device) -> bool {
    match device.clone().inner().as_dispatch() {
        #[cfg(feature = "cube")]
        DispatchDevice::Cube(_) => true,
        _ => false,
    }
}
