//! Convolutions of the CPU backends.

use super::ConvBackend;
use crate::backend::PoolBackend;
use crate::backend::cpu::CpuBackend;
use crate::conv::{self, Lists, Windows, Winners};
use crate::window::{Convolution, Pool};
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use std::sync::Arc;

/// Shape of the results, pooled or not.
fn output_shape(sizes: &Convolution, pool: Option<&Pool>) -> [usize; 4] {
    pool.map_or(sizes.output_shape(), Pool::output_shape)
}

impl<B: CpuBackend> ConvBackend for B {
    fn convolution(
        input: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
        sizes: Convolution,
        pool: Option<Pool>,
    ) -> FloatTensor<B> {
        let windows = Windows::of(pool.as_ref());
        if let Some(lists) = B::with_slices([input.clone()], |[x]| Lists::of(&sizes, x)) {
            let (output, _) = B::with_slices([weight, bias], |[w, b]| lists.forward(w, b, windows));
            return B::from_values(output, output_shape(&sizes, pool.as_ref()));
        }
        let output = B::with_slices([input, weight, bias], |[x, w, b]| conv::forward(&sizes, x, w, b));
        let output = B::from_values(output, sizes.output_shape());
        match pool {
            Some(pool) => B::largest_pool(output, pool),
            None => output,
        }
    }
}

/// Input of a convolution, in the form that the gradient of the weights needs.
#[derive(Clone, Debug)]
enum Input<B: CpuBackend> {
    /// The input, where it is wanted.
    Dense(Option<FloatTensor<B>>),
    Events(Arc<(Lists, Winners)>),
}

#[derive(Clone, Debug)]
struct Saved<B: CpuBackend> {
    input: Input<B>,
    /// The weights, where the gradient of the input is wanted.
    weight: Option<FloatTensor<B>>,
    sizes: Convolution,
}

impl<B: CpuBackend> Saved<B> {
    /// Gradients of weights and input, of those that are `wanted`.
    fn gradients(self, gradient: FloatTensor<B>, wanted: [bool; 2]) -> [Option<FloatTensor<B>>; 2] {
        let sizes = self.sizes;
        let weight = self.weight.filter(|_| wanted[1]);
        let [of_weight, of_input] = match self.input {
            Input::Dense(input) => {
                // the input's memory is free before the gradient of the input needs some
                let of_weight = input.filter(|_| wanted[0]).map(|input| {
                    B::with_slices([input, gradient.clone()], |[x, g]| conv::weight_gradient(&sizes, x, g))
                });
                [of_weight, weight.map(|w| B::with_slices([gradient, w], |[g, w]| conv::input_gradient(&sizes, g, w)))]
            }
            Input::Events(events) => {
                let (lists, winners) = &*events;
                match weight {
                    Some(weight) => B::with_slices([gradient, weight], |[g, w]| {
                        if winners.are_sparse(g) {
                            return lists.gradients(g, winners, wanted[0], Some(w));
                        }
                        let [of_weight, _] = lists.gradients(g, winners, wanted[0], None);
                        [of_weight, Some(conv::input_gradient(&sizes, g, w))]
                    }),
                    None => B::with_slices([gradient], |[g]| lists.gradients(g, winners, wanted[0], None)),
                }
            }
        };
        [
            of_weight.map(|x| B::from_values(x, sizes.weight_shape())),
            of_input.map(|x| B::from_values(x, sizes.input_shape())),
        ]
    }
}

#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend> Backward<B, 3> for Adjoint {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let saved = ops.state;
        let [input_node, weight_node, bias_node] = ops.parents;
        if let Some(node) = bias_node {
            let channels = saved.sizes.output_shape()[1];
            let frames = saved.sizes.frames;
            let bias = B::with_slices([gradient.clone()], |[g]| conv::bias_gradient([frames, channels], g));
            grads.register::<B>(node.id, B::from_values(bias, [channels]));
        }
        let wanted = [weight_node.is_some(), input_node.is_some()];
        let gradients = saved.gradients(gradient, wanted);
        for (node, gradient) in [weight_node, input_node].into_iter().zip(gradients) {
            if let (Some(node), Some(gradient)) = (node, gradient) {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> ConvBackend for Autodiff<B, C> {
    fn convolution(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        sizes: Convolution,
        pool: Option<Pool>,
    ) -> FloatTensor<Self> {
        let tracked = [input.is_tracked(), weight.is_tracked()];
        let (input, input_node) = input.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let windows = Windows::of(pool.as_ref());
        let lists = B::with_slices([input.clone()], |[x]| Lists::of(&sizes, x));
        let (input, output, pool) = match lists {
            Some(lists) => {
                let (output, winners) = B::with_slices([weight.clone(), bias], |[w, b]| lists.forward(w, b, windows));
                let output = B::from_values(output, output_shape(&sizes, pool.as_ref()));
                (Input::Events(Arc::new((lists, winners))), output, None)
            }
            None => {
                let operands = [input.clone(), weight.clone(), bias];
                let output = B::with_slices(operands, |[x, w, b]| conv::forward(&sizes, x, w, b));
                let output = B::from_values(output, sizes.output_shape());
                (Input::Dense(tracked[1].then_some(input)), output, pool)
            }
        };
        let output = match Adjoint.prepare::<C>([input_node, weight_node, bias_node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(output),
            OpsKind::Tracked(prep) => prep.finish(Saved { input, weight: tracked[0].then_some(weight), sizes }, output),
        };
        match pool {
            Some(pool) => Self::largest_pool(output, pool),
            None => output,
        }
    }
}
