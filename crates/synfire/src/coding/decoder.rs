//! Decoders: from what the last layer did to one score per class.

use crate::Error;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// How the last layer's activity becomes scores, `[B, classes]`. All are differentiable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decoder {
    /// Number of spikes of each output neuron.
    #[default]
    SpikeCounts,
    /// Spikes per step; for neurons without spikes the mean of their output over time.
    SpikeRate,
    /// Membrane potential after the last step.
    FinalStepVoltage,
}

impl Decoder {
    /// The decoder of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the closest name.
    pub fn named(name: &str) -> Result<Self, Error> {
        match name {
            "spike_counts" => Ok(Decoder::SpikeCounts),
            "spike_rate" => Ok(Decoder::SpikeRate),
            "final_step_voltage" => Ok(Decoder::FinalStepVoltage),
            _ => {
                let known = ["spike_counts", "spike_rate", "final_step_voltage"].map(String::from);
                Err(Error::unknown("decoder", name, "the network", known))
            }
        }
    }

    /// Scores from the output `[T, B, N]` and the final membrane potential `[B, N]` of the last layer.
    #[must_use]
    pub fn decode(self, output: Tensor<3>, potential: Tensor<2>) -> Tensor<2> {
        match self {
            Decoder::SpikeCounts => output.sum_dim(0).squeeze_dim(0),
            Decoder::SpikeRate => output.mean_dim(0).squeeze_dim(0),
            Decoder::FinalStepVoltage => potential,
        }
    }
}
