//! One node of the autodiff graph for the adjoint of a whole scan.
//!
//! An operation of Burn's autodiff has one output. A scan has three, so the final states (small) are
//! the node that runs the adjoint; output and traces are children of it that only hand their
//! gradients over, through a shared cell, before the node's turn comes.

use super::{ResultTuple, ScanAdjoint, ScanBackend};
use crate::scan::{Operands, Results, ScanSpec};
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{AutodiffBackend, Backend, TensorMetadata};
use burn::tensor::Shape;
use std::sync::{Arc, Mutex, PoisonError};

/// Gradients of output and traces on their way to the scan.
type Cell<B> = Arc<Mutex<[Option<FloatTensor<B>>; 2]>>;

fn lock<B: Backend>(cell: &Cell<B>) -> std::sync::MutexGuard<'_, [Option<FloatTensor<B>>; 2]> {
    // a panic leaves nothing half-written in there
    cell.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct Adjoint;

impl<B: ScanAdjoint> Backward<B, 3> for Adjoint {
    type State = (Operands<FloatTensor<B>>, Arc<ScanSpec>, Cell<B>);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let finals = grads.consume::<B>(&ops.node);
        let (operands, spec, cell) = ops.state;
        let [output, traces] = core::mem::take(&mut *lock::<B>(&cell));
        // the single zero of `HandOver` if nothing flows back from the final states
        let whole = finals.shape().num_elements() == spec.states() * spec.plane();
        let upstream = Results { output, traces, finals: whole.then_some(finals) };
        let wanted = Operands::from_array(ops.parents.each_ref().map(Option::is_some));
        let gradients = B::scan_backward(operands, upstream, wanted, &spec).into_array();
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
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
            // the scan's node runs even when nothing else flows into it; one zero broadcasts to any shape
            let zero = B::float_zeros(Shape::from([1, 1, 1]), &finals.device(), finals.dtype().into());
            grads.register::<B>(parent.id, zero);
        }
    }
}

impl<B: ScanAdjoint, C: CheckpointStrategy> ScanBackend for Autodiff<B, C> {
    fn scan_forward(
        inputs: FloatTensor<Self>,
        params: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        spec: Arc<ScanSpec>,
    ) -> ResultTuple<Self> {
        let (inputs, inputs_node) = inputs.into_parts();
        let (params, params_node) = params.into_parts();
        let (initial, initial_node) = initial.into_parts();
        let operands = Operands { inputs, params, initial };
        let Operands { inputs, params, initial } = operands.clone();
        let (output, traces, finals) = B::scan_forward(inputs, params, initial, spec.clone());
        match Adjoint.prepare::<C>([inputs_node, params_node, initial_node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => (
                <Self as AutodiffBackend>::from_inner(output),
                <Self as AutodiffBackend>::from_inner(traces),
                prep.finish(finals),
            ),
            OpsKind::Tracked(prep) => {
                let cell: Cell<B> = Arc::default();
                let node = prep.finish((operands, spec, cell.clone()), finals.clone());
                (
                    child::<B, C, 0>(&node, cell.clone(), finals.clone(), output),
                    child::<B, C, 1>(&node, cell, finals, traces),
                    node,
                )
            }
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
