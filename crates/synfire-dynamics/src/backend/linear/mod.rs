//! The linear map as an operation of backends, with one node of the autodiff graph for its gradients.

#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use crate::SpikeBits;
use crate::spikes::Outlet;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, DispatchDevice, backend_extension};
use burn::tensor::{DType, Tensor};

/// A backend with its own linear map, in `f32`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait LinearBackend: Backend {
    /// `x W + b`: `[.., K]`, `[K, N]` and `[N]` to `[.., N]`.
    fn linear_forward(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// `x W + b` for spikes `x`, whose gradient `[T, B, K]` goes to their `place` in the graph, or in factors to their
    /// outlet: `[K, N]` and `[N]` to `[T, B, N]`.
    fn linear_spikes(
        place: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        spikes: SpikeBits,
        outlet: Outlet,
    ) -> FloatTensor<Self>;
}

/// Whether the tensor's device has its own linear map, convolutions, pools and batch normalisation for tensors of
/// this type.
pub(crate) fn has_product<const N: usize>(tensor: &Tensor<N>) -> bool {
    let on_cpu = match tensor.device().inner().as_dispatch() {
        #[cfg(feature = "flex")]
        DispatchDevice::Flex(_) => true,
        #[cfg(feature = "ndarray")]
        DispatchDevice::NdArray(_) => true,
        _ => false,
    };
    on_cpu && tensor.dtype() == DType::F32
}
