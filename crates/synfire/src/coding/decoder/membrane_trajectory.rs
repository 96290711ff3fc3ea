//! Membrane potentials at every step.

use super::{Activations, Decode, Decoded, Reads};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Membrane potential after every step; SPAIC's `v_t`. Losses are computed from each step, predictions from their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MembraneTrajectory {}

impl Named for MembraneTrajectory {
    const NAME: &'static str = "membrane_trajectory";
    const ABOUT: &'static str = "membrane potential after every step";
    const ALIASES: &'static [&'static str] = &["v_t"];
}

impl Decode for MembraneTrajectory {
    fn reads(&self) -> Reads {
        Reads::Potentials
    }

    fn unit(&self, _: bool) -> &'static str {
        "mean potential"
    }

    fn every_step(&self) -> bool {
        true
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        activations.potentials().into()
    }
}
