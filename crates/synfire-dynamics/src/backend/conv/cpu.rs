//! Convolutions of the CPU backends.

use super::ConvBackend;
use crate::backend::cpu::CpuBackend;
use crate::conv;
use crate::window::Convolution;
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

impl<B: CpuBackend> ConvBackend for B {
    fn convolution(
        input: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
        sizes: Convolution,
    ) -> FloatTensor<B> {
        let output = B::with_slices([input, weight, bias], |[x, w, b]| conv::forward(&sizes, x, w, b));
        B::from_values(output, sizes.output_shape())
    }
}

#[derive(Clone, Debug)]
struct Saved<B: CpuBackend> {
    /// Input and weights, where the gradient of the other is wanted.
    input: Option<FloatTensor<B>>,
    weight: Option<FloatTensor<B>>,
    sizes: Convolution,
}

#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend> Backward<B, 3> for Adjoint {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let Saved { input, weight, sizes } = ops.state;
        let [input_node, weight_node, bias_node] = ops.parents;
        if let Some(node) = bias_node {
            let bias = B::with_slices([gradient.clone()], |[g]| conv::bias_gradient(&sizes, g));
            let channels = bias.len();
            grads.register::<B>(node.id, B::from_values(bias, [channels]));
        }
        // the input before its gradient: its memory is free by then
        if let (Some(node), Some(input)) = (weight_node, input) {
            let weight = B::with_slices([input, gradient.clone()], |[x, g]| conv::weight_gradient(&sizes, x, g));
            grads.register::<B>(node.id, B::from_values(weight, sizes.weight_shape()));
        }
        if let (Some(node), Some(weight)) = (input_node, weight) {
            let input = B::with_slices([gradient, weight], |[g, w]| conv::input_gradient(&sizes, g, w));
            grads.register::<B>(node.id, B::from_values(input, sizes.input_shape()));
        }
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> ConvBackend for Autodiff<B, C> {
    fn convolution(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        sizes: Convolution,
    ) -> FloatTensor<Self> {
        let tracked = [input.is_tracked(), weight.is_tracked()];
        let (input, input_node) = input.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let output = B::convolution(input.clone(), weight.clone(), bias, sizes);
        match Adjoint.prepare::<C>([input_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(output),
            OpsKind::Tracked(prep) => {
                let [input, weight] = [tracked[1].then_some(input), tracked[0].then_some(weight)];
                prep.finish(Saved { input, weight, sizes }, output)
            }
        }
    }
}
