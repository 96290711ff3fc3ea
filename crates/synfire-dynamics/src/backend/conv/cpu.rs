//! Convolutions of the CPU backends.

use super::ConvBackend;
use crate::SpikeBits;
use crate::backend::cpu::CpuBackend;
use crate::backend::{PoolBackend, SpikesBackend};
use crate::conv::{self, Lists, Windows, Winners};
use crate::window::{Convolution, Pool};
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;
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
        if let Some(lists) = B::with_slices([input.clone()], |[x]| Lists::of(&sizes, x)) {
            return by_events::<B>(&lists, weight, bias, &sizes, pool.as_ref()).0;
        }
        let output = B::with_slices([input, weight, bias], |[x, w, b]| conv::forward(&sizes, x, w, b));
        let output = B::from_values(output, sizes.output_shape());
        match pool {
            Some(pool) => B::largest_pool(output, pool),
            None => output,
        }
    }

    fn convolution_of_spikes(
        place: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
        spikes: SpikeBits,
        sizes: Convolution,
        pool: Option<Pool>,
    ) -> FloatTensor<B> {
        match Lists::of_spikes(&sizes, &spikes) {
            Some(lists) => by_events::<B>(&lists, weight, bias, &sizes, pool.as_ref()).0,
            None => B::convolution(frames::<B>(place, spikes, &sizes), weight, bias, sizes, pool),
        }
    }
}

/// The result by events, and the winners of the pool.
fn by_events<B: CpuBackend>(
    lists: &Lists,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    sizes: &Convolution,
    pool: Option<&Pool>,
) -> (FloatTensor<B>, Winners) {
    let (output, winners) = B::with_slices([weight, bias], |[w, b]| lists.forward(w, b, Windows::of(pool)));
    (B::from_values(output, output_shape(sizes, pool)), winners)
}

/// The values of spikes as frames.
fn frames<B: SpikesBackend>(place: FloatTensor<B>, spikes: SpikeBits, sizes: &Convolution) -> FloatTensor<B> {
    B::float_reshape(B::spikes_values(place, spikes), Shape::from(sizes.input_shape()))
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
    /// Shape of the gradient of the input.
    input_shape: Shape,
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
            of_input.map(|x| B::from_values(x, self.input_shape)),
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
        let input_tracked = input.is_tracked();
        let (input, node) = input.into_parts();
        let shape = Shape::from(sizes.input_shape());
        if let Some(lists) = B::with_slices([input.clone()], |[x]| Lists::of(&sizes, x)) {
            return tracked_by_events::<B, C>(lists, (node, input_tracked, shape), weight, bias, (sizes, pool));
        }
        let keep = weight.is_tracked();
        let forward = |weight: FloatTensor<B>, bias| {
            let output = B::with_slices([input.clone(), weight, bias], |[x, w, b]| conv::forward(&sizes, x, w, b));
            (Input::Dense(keep.then_some(input)), B::from_values(output, sizes.output_shape()))
        };
        let output = tracked::<B, C>((node, input_tracked, shape), weight, bias, sizes, forward);
        match pool {
            Some(pool) => Self::largest_pool(output, pool),
            None => output,
        }
    }

    fn convolution_of_spikes(
        place: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        spikes: SpikeBits,
        sizes: Convolution,
        pool: Option<Pool>,
    ) -> FloatTensor<Self> {
        let Some(lists) = Lists::of_spikes(&sizes, &spikes) else {
            return Self::convolution(frames::<Self>(place, spikes, &sizes), weight, bias, sizes, pool);
        };
        let (input_tracked, shape) = (place.is_tracked(), Shape::from(spikes.dims()));
        let (_, node) = place.into_parts();
        tracked_by_events::<B, C>(lists, (node, input_tracked, shape), weight, bias, (sizes, pool))
    }
}

/// Node of an input, whether it is tracked, and the shape of its gradient.
type InputNode = (NodeGuard, bool, Shape);

/// A convolution by events, with its node.
fn tracked_by_events<B: CpuBackend, C: CheckpointStrategy>(
    lists: Lists,
    input: InputNode,
    weight: FloatTensor<Autodiff<B, C>>,
    bias: FloatTensor<Autodiff<B, C>>,
    (sizes, pool): (Convolution, Option<Pool>),
) -> FloatTensor<Autodiff<B, C>> {
    tracked::<B, C>(input, weight, bias, sizes, |weight, bias| {
        let (output, winners) = by_events::<B>(&lists, weight, bias, &sizes, pool.as_ref());
        (Input::Events(Arc::new((lists, winners))), output)
    })
}

/// Runs `forward` on weights and bias, and records a node for its output.
fn tracked<B: CpuBackend, C: CheckpointStrategy>(
    (input_node, input_tracked, input_shape): InputNode,
    weight: FloatTensor<Autodiff<B, C>>,
    bias: FloatTensor<Autodiff<B, C>>,
    sizes: Convolution,
    forward: impl FnOnce(FloatTensor<B>, FloatTensor<B>) -> (Input<B>, FloatTensor<B>),
) -> FloatTensor<Autodiff<B, C>> {
    let (weight, weight_node) = weight.into_parts();
    let (bias, bias_node) = bias.into_parts();
    let (input, output) = forward(weight.clone(), bias);
    match Adjoint.prepare::<C>([input_node, weight_node, bias_node]).compute_bound().stateful() {
        OpsKind::UnTracked(prep) => prep.finish(output),
        OpsKind::Tracked(prep) => {
            let weight = input_tracked.then_some(weight);
            prep.finish(Saved { input, weight, sizes, input_shape }, output)
        }
    }
}
