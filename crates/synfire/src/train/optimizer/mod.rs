//! The optimisers of a training.

mod adam;
mod sgd;
#[cfg(test)]
mod tests;

use super::Optimizer;
use adam::Adam;
use burn::optim::{ModuleOptimizer, OptimizerRecord};
use sgd::Sgd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use synfire_dynamics::WeightDecay;

/// One optimiser for connections, one for the neurons' parameters: another rate, no weight decay.
pub(super) struct Optimizers {
    pub(super) connections: ModuleOptimizer,
    pub(super) neurons: ModuleOptimizer,
}

impl core::fmt::Debug for Optimizers {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Optimizers")
    }
}

impl Optimizers {
    pub(super) fn new(optimizer: Optimizer, weight_decay: f32) -> Self {
        let init = |decay: f32| -> ModuleOptimizer {
            match optimizer {
                Optimizer::Adam => Adam { decay: WeightDecay::Gradient(decay) }.into(),
                Optimizer::AdamW => Adam { decay: WeightDecay::Parameters(decay) }.into(),
                Optimizer::Sgd { momentum } => {
                    Sgd { momentum: momentum as f32, decay: WeightDecay::Gradient(decay) }.into()
                }
            }
        };
        Optimizers { connections: init(weight_decay), neurons: init(0.0) }
    }

    /// With the states of an earlier training; `None` if they are damaged.
    pub(super) fn restored(self, connections: OptimizerRecord, neurons: OptimizerRecord) -> Option<Self> {
        // Burn takes records for its own and panics where a damaged file made them something else
        catch_unwind(AssertUnwindSafe(|| Optimizers {
            connections: self.connections.load_record(connections),
            neurons: self.neurons.load_record(neurons),
        }))
        .ok()
    }
}
