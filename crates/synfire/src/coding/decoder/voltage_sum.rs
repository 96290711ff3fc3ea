//! Sums of membrane potentials over time.

use super::{Activations, Decode, Decoded, Reads};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Sum of the membrane potential over time. SPAIC's source takes the potential after the last step instead, minus its
/// mean over batch and neurons, which has no gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VoltageSum {
    /// Whether to do as SPAIC's source does.
    pub spaic_compat: bool,
}

impl Named for VoltageSum {
    const NAME: &'static str = "voltage_sum";
    const ABOUT: &'static str = "sum of the membrane potential over time";
}

impl Decode for VoltageSum {
    fn unit(&self, _: bool) -> &'static str {
        "summed potential"
    }

    fn reads(&self) -> Reads {
        if self.spaic_compat { Reads::FinalPotential } else { Reads::Potentials }
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        match self.spaic_compat {
            true => {
                let last = activations.final_potential();
                let mean = last.clone().mean().detach().reshape([1, 1, 1]);
                (last - mean).into()
            }
            false => activations.potentials().sum_dim(0).into(),
        }
    }
}
