//! Values of spikes on the CPU backends.

use super::SpikesBackend;
use crate::SpikeBits;
use crate::backend::cpu::CpuBackend;
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

impl<B: CpuBackend> SpikesBackend for B {
    fn spikes_values(_: FloatTensor<B>, spikes: SpikeBits) -> FloatTensor<B> {
        B::from_values(spikes.values(), spikes.dims())
    }
}

/// Hands the gradient on.
#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend> Backward<B, 1> for Adjoint {
    type State = ();

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        if let [Some(place)] = ops.parents {
            grads.register::<B>(place.id, gradient);
        }
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> SpikesBackend for Autodiff<B, C> {
    fn spikes_values(place: FloatTensor<Self>, spikes: SpikeBits) -> FloatTensor<Self> {
        let (place, node) = place.into_parts();
        let values = B::spikes_values(place, spikes);
        match Adjoint.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(values),
            OpsKind::Tracked(prep) => prep.finish((), values),
        }
    }
}
