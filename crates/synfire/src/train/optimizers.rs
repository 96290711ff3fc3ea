//! The optimisers of a training.

use super::Optimizer;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, ModuleOptimizer, OptimizerRecord, SgdConfig};
use std::panic::{AssertUnwindSafe, catch_unwind};

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
                Optimizer::Adam => {
                    let decay = (decay > 0.0).then(|| WeightDecayConfig::new(decay));
                    AdamConfig::new().with_epsilon(1e-8).with_weight_decay(decay).init()
                }
                Optimizer::AdamW => AdamWConfig::new().with_epsilon(1e-8).with_weight_decay(decay).init(),
                Optimizer::Sgd { momentum } => {
                    let decay = (decay > 0.0).then(|| WeightDecayConfig::new(decay));
                    let momentum =
                        (momentum > 0.0).then_some(MomentumConfig { momentum, dampening: 0.0, nesterov: false });
                    SgdConfig::new().with_weight_decay(decay).with_momentum(momentum).init()
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
