//! One node of the autodiff graph for the adjoint of a recurrent layer over all steps.

use super::RecurrentBackend;
use super::cpu::{Tensors, backward, forward};
use crate::backend::cpu::CpuBackend;
use crate::backend::results::{Cell, ResultTuple, tracked, untracked, upstream};
use crate::recurrent::Kept;
use crate::scan::{FeedbackParts, Operands, RecurrentSpec};
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use std::sync::Arc;

#[derive(Clone, Debug)]
struct Saved<B: CpuBackend> {
    tensors: Tensors<B>,
    output: FloatTensor<B>,
    kept: Arc<Vec<Kept>>,
    spec: Arc<RecurrentSpec>,
    cell: Cell<B>,
}

#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend> Backward<B, 6> for Adjoint {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 6>, grads: &mut Gradients, _: &mut Checkpointer) {
        let finals = grads.consume::<B>(&ops.node);
        let Saved { tensors, output, kept, spec, cell } = ops.state;
        let upstream = upstream::<B>(&cell, finals, &spec.scan);
        let [inputs, params, initial, weight, bias, line] = ops.parents.each_ref().map(Option::is_some);
        let wanted = (Operands { inputs, params, initial }, FeedbackParts { weight, bias, line });
        let (operands, feedback) = backward::<B>(tensors, (output, &kept), upstream, wanted, &spec);
        let gradients = operands.into_array().into_iter().chain(feedback.into_array());
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> RecurrentBackend for Autodiff<B, C> {
    fn recurrent_forward(
        inputs: FloatTensor<Self>,
        params: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        line: FloatTensor<Self>,
        spec: Arc<RecurrentSpec>,
    ) -> ResultTuple<Self> {
        let (inputs, inputs_node) = inputs.into_parts();
        let (params, params_node) = params.into_parts();
        let (initial, initial_node) = initial.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let (line, line_node) = line.into_parts();
        let operands = Operands { inputs, params, initial };
        let tensors = Tensors::<B> { operands, feedback: FeedbackParts { weight, bias, line } };
        let nodes = [inputs_node, params_node, initial_node, weight_node, bias_node, line_node];
        match Adjoint.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => {
                let (results, _) = forward(tensors, &spec, false);
                untracked::<B, C>(results, |finals| prep.finish(finals))
            }
            OpsKind::Tracked(prep) => {
                let (results, kept) = forward(tensors.clone(), &spec, true);
                let (output, kept) = (results.0.clone(), Arc::new(kept));
                tracked::<B, C>(results, |finals, cell| {
                    prep.finish(Saved { tensors, output, kept, spec, cell }, finals)
                })
            }
        }
    }
}
