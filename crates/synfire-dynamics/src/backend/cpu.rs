//! What the CPU backends share: from their tensors to the kernels on slices.

use super::Plan;
use crate::Dynamics;
use crate::kernel::{BackwardArgs, ForwardArgs, Gradients, Layout, Rows, Scanned, backward, forward};

/// The arguments of a scan as contiguous numbers.
#[derive(Clone, Copy)]
pub(super) struct Slices<'a> {
    pub(super) inputs: &'a [f32],
    pub(super) constants: &'a [f32],
    pub(super) initial: &'a [f32],
}

impl<'a> Slices<'a> {
    fn args<D: Dynamics>(self, model: D, plan: &'a Plan) -> ForwardArgs<'a, D> {
        let layout = Layout { steps: plan.steps, batch: plan.batch, neurons: plan.neurons };
        ForwardArgs {
            model,
            layout,
            inputs: Rows::new(self.inputs, &layout),
            constants: self.constants,
            columns: &plan.columns,
            initial: self.initial,
            traces: &plan.traces,
        }
    }

    pub(super) fn forward<D: Dynamics>(self, model: D, plan: &'a Plan) -> Scanned {
        forward(&self.args(model, plan))
    }

    pub(super) fn backward<D: Dynamics>(self, arriving: [Option<&'a [f32]>; 3], model: D, plan: &'a Plan) -> Gradients {
        let forward = self.args(model, plan);
        let layout = forward.layout;
        let [output, traces, finals] = arriving.map(|g| g.map(|g| Rows::new(g, &layout)));
        backward(&BackwardArgs { forward, output, traces, finals, active: &plan.active })
    }
}
