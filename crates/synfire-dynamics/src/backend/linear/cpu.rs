//! The linear map of the CPU backends.

use super::LinearBackend;
use crate::SpikeBits;
use crate::backend::cpu::CpuBackend;
use crate::kernel::Isa;
use crate::product::{self, Input};
use crate::spikes::{FactoredGradient, Outlet};
use burn::backend::TensorMetadata;
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;

impl<B: CpuBackend> LinearBackend for B {
    fn linear_forward(input: FloatTensor<B>, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B> {
        let shape = input.shape();
        Saved::<B>::of(input, &weight).forward(shape, weight, bias)
    }

    fn linear_spikes(
        _: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
        spikes: SpikeBits,
        _: Outlet,
    ) -> FloatTensor<B> {
        let shape = Shape::from(spikes.dims());
        Saved::<B>::Spikes(spikes).forward(shape, weight, bias)
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

    /// The output of an input of this shape.
    fn forward(&self, mut shape: Shape, weight: FloatTensor<B>, bias: FloatTensor<B>) -> FloatTensor<B> {
        let last = shape.num_dims() - 1;
        shape[last] = weight.shape()[1];
        let output = match self {
            Saved::Dense(x) => {
                B::with_slices([x.clone(), weight, bias], |[x, w, b]| product::forward(Input::Dense(x), w, b))
            }
            Saved::Spikes(x) => B::with_slices([weight, bias], |[w, b]| product::forward(Input::Spikes(x), w, b)),
        };
        B::from_values(output, shape)
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

/// Values and shapes that the adjoint needs.
#[derive(Clone, Debug)]
struct State<B: CpuBackend> {
    /// The input, where the gradient of the weights is wanted.
    input: Option<Saved<B>>,
    /// The weights, where the gradient of the input is wanted.
    weight: Option<FloatTensor<B>>,
    /// Shapes of weights and input.
    shapes: ([usize; 2], Shape),
    /// Where spikes as bits get their gradient in factors.
    outlet: Option<Outlet>,
}

/// Adjoint of the map, whose parents are weights, bias and input.
#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend> Backward<B, 3> for Adjoint {
    type State = State<B>;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let State { input, weight, shapes: (shape, input_shape), outlet } = ops.state;
        let [weight_node, bias_node, input_node] = ops.parents;
        if let Some(node) = bias_node {
            let bias = B::with_slices([gradient.clone()], |[g]| product::bias_gradient(g, shape[1]));
            grads.register::<B>(node.id, B::from_values(bias, [shape[1]]));
        }
        if let (Some(node), Some(input)) = (weight_node, input) {
            grads.register::<B>(node.id, input.weight_gradient(gradient.clone(), shape));
        }
        if let (Some(node), Some(weight)) = (input_node, weight) {
            let factored = outlet.filter(|_| product::is_narrow(shape[1]));
            let (input, input_shape) = B::with_slices([gradient, weight], |[g, w]| match factored {
                Some(outlet) => {
                    outlet.give_back(FactoredGradient::new(Isa::best(), input_shape[1], g, w, shape));
                    // for the node to run
                    (vec![0.0], Shape::from([1, 1, 1]))
                }
                None => (product::input_gradient(g, w, shape[1]), input_shape),
            });
            grads.register::<B>(node.id, B::from_values(input, input_shape));
        }
    }
}

/// The map of an input, with its node; the gradient of the input has a shape of its own.
fn tracked<B: CpuBackend, C: CheckpointStrategy>(
    (input, input_shape): (Saved<B>, Shape),
    (input_node, input_tracked): (NodeGuard, bool),
    outlet: Option<Outlet>,
    weight: FloatTensor<Autodiff<B, C>>,
    bias: FloatTensor<Autodiff<B, C>>,
) -> FloatTensor<Autodiff<B, C>> {
    let weight_tracked = weight.is_tracked();
    let (weight, weight_node) = weight.into_parts();
    let (bias, bias_node) = bias.into_parts();
    let shapes = ([weight.shape()[0], weight.shape()[1]], input_shape);
    let output = input.forward(shapes.1.clone(), weight.clone(), bias);
    match Adjoint.prepare::<C>([weight_node, bias_node, input_node]).compute_bound().stateful() {
        OpsKind::UnTracked(prep) => prep.finish(output),
        OpsKind::Tracked(prep) => {
            let (input, weight) = (weight_tracked.then_some(input), input_tracked.then_some(weight));
            prep.finish(State { input, weight, shapes, outlet }, output)
        }
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> LinearBackend for Autodiff<B, C> {
    fn linear_forward(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let is_tracked = input.is_tracked();
        let (input, node) = input.into_parts();
        let shape = input.shape();
        let input = Saved::<B>::of(input, weight.primitive());
        tracked::<B, C>((input, shape), (node, is_tracked), None, weight, bias)
    }

    fn linear_spikes(
        place: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        spikes: SpikeBits,
        outlet: Outlet,
    ) -> FloatTensor<Self> {
        let is_tracked = place.is_tracked();
        let (_, node) = place.into_parts();
        let shape = Shape::from(spikes.dims());
        tracked::<B, C>((Saved::<B>::Spikes(spikes), shape), (node, is_tracked), Some(outlet), weight, bias)
    }
}
