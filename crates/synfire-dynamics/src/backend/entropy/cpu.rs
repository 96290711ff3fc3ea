//! Cross-entropy of the CPU backends: Burn's operations in Burn's order, so with its roundings, without their nodes.

use super::EntropyBackend;
use crate::backend::cpu::CpuBackend;
use burn::backend::TensorMetadata;
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{IndexingUpdateOp, Shape};

/// Axis of the classes.
const CLASSES: usize = 2;

/// Values that the adjoint needs.
#[derive(Clone, Debug)]
struct State<B: CpuBackend> {
    /// Class of each row of scores, `[S, B, 1]`.
    right: IntTensor<B>,
    /// Exponentials of the scores, each row divided by its largest.
    terms: FloatTensor<B>,
    /// Their sums, `[S, B, 1]`.
    sums: FloatTensor<B>,
}

fn forward<B: CpuBackend>(scores: FloatTensor<B>, classes: IntTensor<B>) -> (FloatTensor<B>, State<B>) {
    let (steps, samples) = (scores.shape()[0], scores.shape()[1]);
    let right = B::int_reshape(classes, Shape::from([1, samples, 1]));
    let right = B::int_expand(right, Shape::from([steps, samples, 1]));
    let largest = B::float_max_dim(scores.clone(), CLASSES);
    let shifted = B::float_sub(scores, largest);
    let terms = B::float_exp(shifted.clone());
    let sums = B::float_sum_dim(terms.clone(), CLASSES);
    let log_shares = B::float_sub(shifted, B::float_log(sums.clone()));
    let mean = B::float_mean(B::float_gather(CLASSES, log_shares, right.clone()));
    (B::float_neg(mean), State { right, terms, sums })
}

impl<B: CpuBackend> EntropyBackend for B {
    fn cross_entropy(scores: FloatTensor<B>, classes: IntTensor<B>) -> FloatTensor<B> {
        forward::<B>(scores, classes).0
    }
}

/// Adjoint with respect to the scores.
#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend> Backward<B, 1> for Adjoint {
    type State = State<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let [Some(node)] = ops.parents else { return };
        let State { right, terms, sums } = ops.state;
        let (device, dtype) = (terms.device(), terms.dtype().into());
        // of the log share of the right class, in each row
        let of_mean = B::float_reshape(B::float_neg(gradient), Shape::from([1, 1, 1]));
        let shares = B::float_ones(sums.shape(), &device, dtype);
        let shares = B::float_mul_scalar(shares, (1.0 / sums.shape().num_elements() as f64).into());
        let of_rows = B::float_mul(shares, of_mean);
        let zeros = B::float_zeros(terms.shape(), &device, dtype);
        let of_log_shares = B::float_scatter(CLASSES, zeros, right, of_rows, IndexingUpdateOp::Add);
        // of the sums in the denominator
        let of_logs = B::float_sum_dim(B::float_neg(of_log_shares.clone()), CLASSES);
        let of_sums = B::float_mul(of_logs, B::float_recip(sums));
        let of_terms = B::float_mul(terms, of_sums);
        grads.register::<B>(node.id, B::float_add(of_terms, of_log_shares));
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> EntropyBackend for Autodiff<B, C> {
    fn cross_entropy(scores: FloatTensor<Self>, classes: IntTensor<Self>) -> FloatTensor<Self> {
        let (scores, node) = scores.into_parts();
        let (loss, state) = forward::<B>(scores, classes);
        match Adjoint.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(loss),
            OpsKind::Tracked(prep) => prep.finish(state, loss),
        }
    }
}
