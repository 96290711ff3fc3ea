//! The linear map as an operation of backends, with one node of the autodiff graph for its gradients.

use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, DispatchDevice, backend_extension};
use burn::tensor::{DType, Tensor};

/// A backend with its own linear map, in `f32`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait LinearBackend: Backend {
    /// `x W + b`: `[M, K]`, `[K, N]` and `[N]` to `[M, N]`.
    fn linear_forward(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// The gradients of [`LinearBackend`] from the upstream gradient `[M, N]`, which only backends without autodiff
/// of their own compute.
pub(crate) trait LinearAdjoint: LinearBackend {
    /// Gradient of the input, `[M, K]`.
    fn input_gradient(gradient: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;
    /// Gradient of the weights, `[K, N]`.
    fn weight_gradient(input: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;
    /// Gradient of the bias, `[N]`.
    fn bias_gradient(gradient: FloatTensor<Self>) -> FloatTensor<Self>;
}

#[derive(Debug)]
struct Adjoint;

impl<B: LinearAdjoint> Backward<B, 3> for Adjoint {
    /// Input and weights, where the gradient of the other is wanted.
    type State = [Option<FloatTensor<B>>; 2];

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let [input, weight] = ops.state;
        let [input_node, weight_node, bias_node] = ops.parents;
        if let Some(node) = bias_node {
            grads.register::<B>(node.id, B::bias_gradient(gradient.clone()));
        }
        // the input before its gradient: its memory is free by then
        if let (Some(node), Some(input)) = (weight_node, input) {
            grads.register::<B>(node.id, B::weight_gradient(input, gradient.clone()));
        }
        if let (Some(node), Some(weight)) = (input_node, weight) {
            grads.register::<B>(node.id, B::input_gradient(gradient, weight));
        }
    }
}

impl<B: LinearAdjoint, C: CheckpointStrategy> LinearBackend for Autodiff<B, C> {
    fn linear_forward(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (input_tracked, weight_tracked) = (input.is_tracked(), weight.is_tracked());
        let (input, input_node) = input.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let output = B::linear_forward(input.clone(), weight.clone(), bias);
        match Adjoint.prepare::<C>([input_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(output),
            OpsKind::Tracked(prep) => {
                prep.finish([weight_tracked.then_some(input), input_tracked.then_some(weight)], output)
            }
        }
    }
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
