//! Membrane potentials after the last step.

use super::{Activations, Decode, Decoded, Reads};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Membrane potential after the last step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FinalStepVoltage {}

impl Named for FinalStepVoltage {
    const NAME: &'static str = "final_step_voltage";
    const ABOUT: &'static str = "membrane potential after the last step";
}

impl Decode for FinalStepVoltage {
    fn reads(&self) -> Reads {
        Reads::FinalPotential
    }

    fn unit(&self, _: bool) -> &'static str {
        "final potential"
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        activations.final_potential().into()
    }
}
