//! The linear map of the CPU backends.

use super::LinearBackend;
use crate::SpikeBits;
use crate::backend::cpu::CpuBackend;
use crate::product::{self, Input};
use burn::backend::TensorMetadata;
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

impl<B: CpuBackend> LinearBackend for B {
    fn linear_forward(input: FloatTensor<B>, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B> {
        let input = Saved::<B>::of(input, &weight);
        input.forward(weight, bias)
    }

    fn linear_spikes(weight: FloatTensor<B>, bias: FloatTensor<B>, spikes: SpikeBits) -> FloatTensor<B> {
        Saved::<B>::Spikes(spikes).forward(weight, bias)
    }
}

/// The input, as the gradient of the weights needs it.
#[derive(Clone, Debug)]
enum Saved<B: CpuBackend> {
    Dense(FloatTensor<B>),
    Spikes(SpikeBits),
}

impl<B: CpuBackend> Saved<B> {
    /// Spikes in few bytes, anything else as it is.
    fn of(input: FloatTensor<B>, weight: &FloatTensor<B>) -> Self {
        let sizes = [weight.shape()[0], weight.shape()[1]];
        match B::with_slices([input.clone()], |[x]| product::spikes(x, sizes)) {
            Some(spikes) => Saved::Spikes(spikes),
            None => Saved::Dense(input),
        }
    }

    fn forward(&self, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B> {
        let outputs = weight.shape()[1];
        let output = match self {
            Saved::Dense(x) => {
                B::with_slices([x.clone(), weight, bias], |[x, w, b]| product::forward(Input::Dense(x), w, b))
            }
            Saved::Spikes(x) => B::with_slices([weight, bias], |[w, b]| product::forward(Input::Spikes(x), w, b)),
        };
        let rows = output.len() / outputs;
        B::from_values(output, [rows, outputs])
    }

    /// The input is dropped: its memory is free when its own gradient is computed.
    fn weight_gradient(self, gradient: FloatTensor<B>, shape: [usize; 2]) -> FloatTensor<B> {
        let weight = match self {
            Saved::Dense(x) => {
                B::with_slices([x, gradient], |[x, g]| product::weight_gradient(Input::Dense(x), g, shape))
            }
            Saved::Spikes(x) => B::with_slices([gradient], |[g]| product::weight_gradient(Input::Spikes(&x), g, shape)),
        };
        B::from_values(weight, shape)
    }
}

/// Input and weights, where the gradient of the other is wanted, and the shape of the weights.
type State<B> = (Option<Saved<B>>, Option<FloatTensor<B>>, [usize; 2]);

/// Adjoint of the map, whose parents are weights, bias and, of `N = 3`, input.
#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend, const N: usize> Backward<B, N> for Adjoint {
    type State = State<B>;

    fn backward(self, ops: Ops<Self::State, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (input, weight, shape) = ops.state;
        let mut parents = ops.parents.into_iter();
        let [weight_node, bias_node, input_node] = core::array::from_fn(|_| parents.next().flatten());
        if let Some(node) = bias_node {
            let bias = B::with_slices([gradient.clone()], |[g]| product::bias_gradient(g, shape[1]));
            grads.register::<B>(node.id, B::from_values(bias, [shape[1]]));
        }
        if let (Some(node), Some(input)) = (weight_node, input) {
            grads.register::<B>(node.id, input.weight_gradient(gradient.clone(), shape));
        }
        if let (Some(node), Some(weight)) = (input_node, weight) {
            let rows = gradient.shape()[0];
            let input = B::with_slices([gradient, weight], |[g, w]| product::input_gradient(g, w, shape[1]));
            grads.register::<B>(node.id, B::from_values(input, [rows, shape[0]]));
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
        let shape = [weight.shape()[0], weight.shape()[1]];
        let input = Saved::<B>::of(input, &weight);
        let output = input.forward(weight.clone(), bias);
        match Backward::<B, 3>::prepare::<C>(Adjoint, [weight_node, bias_node, input_node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(output),
            OpsKind::Tracked(prep) => {
                let weight = input_tracked.then_some(weight);
                prep.finish((weight_tracked.then_some(input), weight, shape), output)
            }
        }
    }

    fn linear_spikes(weight: FloatTensor<Self>, bias: FloatTensor<Self>, spikes: SpikeBits) -> FloatTensor<Self> {
        let weight_tracked = weight.is_tracked();
        let (weight, weight_node) = weight.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let shape = [weight.shape()[0], weight.shape()[1]];
        let input = Saved::<B>::Spikes(spikes);
        let output = input.forward(weight, bias);
        match Backward::<B, 2>::prepare::<C>(Adjoint, [weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(output),
            OpsKind::Tracked(prep) => prep.finish((weight_tracked.then_some(input), None, shape), output),
        }
    }
}
