//! The linear map of the CPU backends.

use super::LinearBackend;
use crate::backend::cpu::CpuBackend;
use crate::product;
use burn::backend::TensorMetadata;
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

impl<B: CpuBackend> LinearBackend for B {
    fn linear_forward(input: FloatTensor<B>, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B> {
        let shape = [input.shape()[0], weight.shape()[1]];
        let output = B::with_slices([input, weight, bias], |[x, w, b]| product::forward(x, w, b));
        B::from_values(output, shape)
    }
}

#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend> Backward<B, 3> for Adjoint {
    /// Input and weights, where the gradient of the other is wanted.
    type State = [Option<FloatTensor<B>>; 2];

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let [input, weight] = ops.state;
        let [input_node, weight_node, bias_node] = ops.parents;
        if let Some(node) = bias_node {
            let outputs = gradient.shape()[1];
            let bias = B::with_slices([gradient.clone()], |[g]| product::bias_gradient(g, outputs));
            grads.register::<B>(node.id, B::from_values(bias, [outputs]));
        }
        // the input before its gradient: its memory is free by then
        if let (Some(node), Some(input)) = (weight_node, input) {
            let shape = [input.shape()[1], gradient.shape()[1]];
            let weight = B::with_slices([input, gradient.clone()], |[x, g]| product::weight_gradient(x, g, shape));
            grads.register::<B>(node.id, B::from_values(weight, shape));
        }
        if let (Some(node), Some(weight)) = (input_node, weight) {
            let (shape, outputs) = ([gradient.shape()[0], weight.shape()[0]], weight.shape()[1]);
            let input = B::with_slices([gradient, weight], |[g, w]| product::input_gradient(g, w, outputs));
            grads.register::<B>(node.id, B::from_values(input, shape));
        }
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> LinearBackend for Autodiff<B, C> {
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
