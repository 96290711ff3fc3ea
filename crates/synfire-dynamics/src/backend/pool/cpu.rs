//! Pools of the CPU backends.

use super::PoolBackend;
use crate::backend::cpu::CpuBackend;
use crate::pool;
use crate::pooling::Divisor;
use crate::window::Pool;
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use std::sync::Arc;

impl<B: CpuBackend> PoolBackend for B {
    fn largest_pool(input: FloatTensor<B>, sizes: Pool) -> FloatTensor<B> {
        let largest = B::with_slices([input], |[x]| pool::largest(&sizes, x));
        B::from_values(largest, sizes.output_shape())
    }

    fn sum_pool(input: FloatTensor<B>, sizes: Pool, divisor: Divisor) -> FloatTensor<B> {
        let sums = B::with_slices([input], |[x]| pool::sums(&sizes, divisor, x));
        B::from_values(sums, sizes.output_shape())
    }
}

/// The way back of the largest values, with their places.
#[derive(Debug)]
struct LargestAdjoint;

impl<B: CpuBackend> Backward<B, 1> for LargestAdjoint {
    type State = (Arc<Vec<u32>>, Pool);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (places, sizes) = ops.state;
        if let [Some(parent)] = ops.parents {
            let input = B::with_slices([gradient], |[g]| pool::largest_gradient(&sizes, &places, g));
            grads.register::<B>(parent.id, B::from_values(input, sizes.input_shape()));
        }
    }
}

/// The way back of sums.
#[derive(Debug)]
struct SumAdjoint;

impl<B: CpuBackend> Backward<B, 1> for SumAdjoint {
    type State = (Pool, Divisor);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (sizes, divisor) = ops.state;
        if let [Some(parent)] = ops.parents {
            let input = B::with_slices([gradient], |[g]| pool::sums_gradient(&sizes, divisor, g));
            grads.register::<B>(parent.id, B::from_values(input, sizes.input_shape()));
        }
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> PoolBackend for Autodiff<B, C> {
    fn largest_pool(input: FloatTensor<Self>, sizes: Pool) -> FloatTensor<Self> {
        let (input, node) = input.into_parts();
        match LargestAdjoint.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(B::largest_pool(input, sizes)),
            OpsKind::Tracked(prep) => {
                let (largest, places) = B::with_slices([input], |[x]| pool::largest_with_places(&sizes, x));
                let largest = B::from_values(largest, sizes.output_shape());
                prep.finish((Arc::new(places), sizes), largest)
            }
        }
    }

    fn sum_pool(input: FloatTensor<Self>, sizes: Pool, divisor: Divisor) -> FloatTensor<Self> {
        let (input, node) = input.into_parts();
        let sums = B::sum_pool(input, sizes, divisor);
        match SumAdjoint.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(sums),
            OpsKind::Tracked(prep) => prep.finish((sizes, divisor), sums),
        }
    }
}
