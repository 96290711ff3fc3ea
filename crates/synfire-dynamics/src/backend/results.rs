//! Three results of one operation whose adjoint is one node of the autodiff graph.
//!
//! An operation of Burn's autodiff has one output. A scan has three, so the final states (small) are
//! the node that runs the adjoint; output and traces are children of it that only hand their
//! gradients over, through a shared cell, before the node's turn comes.

use crate::scan::{Results, ScanSpec};
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{AutodiffBackend, Backend, TensorMetadata};
use burn::tensor::Shape;
use std::sync::{Arc, Mutex, PoisonError};

/// Results as the tuple that Burn's dispatch understands.
pub(crate) type ResultTuple<B> = (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>);

/// Gradients of output and traces on their way to the node.
pub(super) type Cell<B> = Arc<Mutex<[Option<FloatTensor<B>>; 2]>>;

fn lock<B: Backend>(cell: &Cell<B>) -> std::sync::MutexGuard<'_, [Option<FloatTensor<B>>; 2]> {
    // a panic leaves nothing half-written in there
    cell.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The upstream gradients of all results, from what has arrived at the node: that of the final states.
pub(super) fn upstream<B: Backend>(
    cell: &Cell<B>,
    finals: FloatTensor<B>,
    scan: &ScanSpec,
) -> Results<Option<FloatTensor<B>>> {
    let [output, traces] = core::mem::take(&mut *lock::<B>(cell));
    let (values, finals_values) = (scan.steps * scan.plane(), scan.states() * scan.plane());
    // a single zero where nothing flows back but through another node or an outlet
    let flows = |gradient: &FloatTensor<B>, count| count == 1 || gradient.shape().num_elements() > 1;
    Results {
        output: output.filter(|output| flows(output, values)),
        traces,
        finals: Some(finals).filter(|finals| flows(finals, finals_values)),
    }
}

/// The results where no gradient is wanted; `finish` makes the node of the final states.
pub(super) fn untracked<B: Backend, C: CheckpointStrategy>(
    (output, traces, finals): ResultTuple<B>,
    finish: impl FnOnce(FloatTensor<B>) -> FloatTensor<Autodiff<B, C>>,
) -> ResultTuple<Autodiff<B, C>> {
    (
        <Autodiff<B, C> as AutodiffBackend>::from_inner(output),
        <Autodiff<B, C> as AutodiffBackend>::from_inner(traces),
        finish(finals),
    )
}

/// The results with their nodes; `finish` makes that of the final states, which runs the adjoint.
pub(super) fn tracked<B: Backend, C: CheckpointStrategy>(
    (output, traces, finals): ResultTuple<B>,
    finish: impl FnOnce(FloatTensor<B>, Cell<B>) -> FloatTensor<Autodiff<B, C>>,
) -> ResultTuple<Autodiff<B, C>> {
    let cell: Cell<B> = Arc::default();
    let node = finish(finals.clone(), cell.clone());
    (child::<B, C, 0>(&node, cell.clone(), finals.clone(), output), child::<B, C, 1>(&node, cell, finals, traces), node)
}

/// Puts the gradient of output (0) or traces (1) into the cell.
#[derive(Debug)]
struct HandOver<const WHICH: usize>;

impl<B: Backend, const WHICH: usize> Backward<B, 1> for HandOver<WHICH> {
    /// The cell, and a tensor on the device.
    type State = (Cell<B>, FloatTensor<B>);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (cell, finals) = ops.state;
        lock::<B>(&cell)[WHICH] = Some(gradient);
        if let [Some(parent)] = ops.parents {
            // the node runs even when nothing else flows into it; one zero broadcasts to any shape
            let zero = B::float_zeros(Shape::from([1, 1, 1]), &finals.device(), finals.dtype().into());
            grads.register::<B>(parent.id, zero);
        }
    }
}

fn child<B: Backend, C: CheckpointStrategy, const WHICH: usize>(
    parent: &FloatTensor<Autodiff<B, C>>,
    cell: Cell<B>,
    finals: FloatTensor<B>,
    value: FloatTensor<B>,
) -> FloatTensor<Autodiff<B, C>> {
    match HandOver::<WHICH>.prepare::<C>([parent.node()]).compute_bound().stateful() {
        OpsKind::Tracked(prep) => prep.finish((cell, finals), value),
        OpsKind::UnTracked(prep) => prep.finish(value),
    }
}
