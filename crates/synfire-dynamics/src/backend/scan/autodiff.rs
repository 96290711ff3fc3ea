//! One node of the autodiff graph for the adjoint of a whole scan.

use super::{ScanAdjoint, ScanBackend};
use crate::backend::results::{Cell, ResultTuple, tracked, untracked, upstream};
use crate::scan::{Operands, ScanSpec};
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use std::sync::Arc;

#[derive(Debug)]
struct Adjoint;

impl<B: ScanAdjoint> Backward<B, 3> for Adjoint {
    type State = (Operands<FloatTensor<B>>, Arc<ScanSpec>, Cell<B>);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let finals = grads.consume::<B>(&ops.node);
        let (operands, spec, cell) = ops.state;
        let upstream = upstream::<B>(&cell, finals, &spec);
        let wanted = Operands::from_array(ops.parents.each_ref().map(Option::is_some));
        let gradients = B::scan_backward(operands, upstream, wanted, &spec).into_array();
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                grads.register::<B>(parent.id, gradient);
            }
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
        let results = B::scan_forward(inputs, params, initial, spec.clone());
        match Adjoint.prepare::<C>([inputs_node, params_node, initial_node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => untracked::<B, C>(results, |finals| prep.finish(finals)),
            OpsKind::Tracked(prep) => {
                tracked::<B, C>(results, |finals, cell| prep.finish((operands, spec, cell), finals))
            }
        }
    }
}
