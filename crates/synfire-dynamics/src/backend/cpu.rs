//! What the CPU backends share: from their tensors to the kernels on slices.

use super::Plan;
use crate::kernel::{BackwardArgs, ForwardArgs, Gradients, Layout, Scanned, backward, forward};

/// The arguments of a scan as contiguous numbers.
#[derive(Clone, Copy)]
pub(super) struct Slices<'a> {
    pub(super) inputs: &'a [f32],
    pub(super) params: &'a [f32],
    pub(super) initial: &'a [f32],
}

impl<'a> Slices<'a> {
    fn args(self, plan: &'a Plan) -> ForwardArgs<'a> {
        ForwardArgs {
            equations: &plan.equations,
            layout: Layout { steps: plan.steps, batch: plan.batch, neurons: plan.neurons },
            inputs: self.inputs,
            params: self.params,
            param_lens: &plan.param_lens,
            initial: self.initial,
            traces: &plan.traces,
        }
    }

    pub(super) fn forward(self, plan: &'a Plan) -> Scanned {
        forward(&self.args(plan))
    }

    pub(super) fn backward(
        self,
        [output, traces, finals]: [Option<&'a [f32]>; 3],
        wants_inputs: bool,
        plan: &'a Plan,
    ) -> Gradients {
        backward(&BackwardArgs { forward: self.args(plan), output, traces, finals, active: &plan.active, wants_inputs })
    }
}
