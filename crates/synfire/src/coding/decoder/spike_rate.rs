//! How often each neuron fired in a step.

use super::{Activity, Decode, Decoded};
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// Spikes per step; for neurons without spikes the mean of their output over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpikeRate {}

impl Named for SpikeRate {
    const NAME: &'static str = "spike_rate";
    const ABOUT: &'static str = "spikes per step, or mean output, of each output neuron";
}

impl Decode for SpikeRate {
    fn unit(&self, spiking: bool) -> &'static str {
        if spiking { "spikes per step" } else { "mean output" }
    }

    fn decode(&self, activity: &Activity) -> Decoded {
        activity.output.clone().mean_dim(0).into()
    }
}
