//! Decoders: from what the last layer did to one score per class.

use super::{time_shares, time_softmax};
use crate::Error;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// What the last layer did.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Spikes or graded output, `[T, B, N]`.
    pub output: Tensor<3>,
    /// By how much each spike precedes the end of its step, in ms, `[T, B, N]`; where the model has no spike
    /// times, nothing.
    pub spike_times: Option<Tensor<3>>,
    /// Membrane potential after the last step, `[B, N]`.
    pub potential: Tensor<2>,
    /// Length of a step in ms.
    pub dt: f32,
}

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
    /// Spikes weighted by their time, see [`time_softmax`].
    TimeSoftmax,
    /// Share of each output neuron in all spikes weighted by their time, see [`time_shares`]. Goes with the
    /// loss `likelihood`.
    TimeShares,
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
            "time_softmax" => Ok(Decoder::TimeSoftmax),
            "time_shares" => Ok(Decoder::TimeShares),
            _ => {
                let known = ["spike_counts", "spike_rate", "final_step_voltage", "time_softmax", "time_shares"]
                    .map(String::from);
                Err(Error::unknown("decoder", name, "the network", known))
            }
        }
    }

    /// Whether it reads the times of spikes inside their step.
    #[must_use]
    pub fn reads_spike_times(self) -> bool {
        matches!(self, Decoder::TimeSoftmax | Decoder::TimeShares)
    }

    /// Scores of what the last layer did, `[B, N]`.
    #[must_use]
    pub fn decode(self, activity: Activity) -> Tensor<2> {
        let Activity { output, spike_times, potential, dt } = activity;
        let times = |output: &Tensor<3>| spike_times.unwrap_or_else(|| output.zeros_like());
        match self {
            Decoder::SpikeCounts => output.sum_dim(0).squeeze_dim(0),
            Decoder::SpikeRate => output.mean_dim(0).squeeze_dim(0),
            Decoder::FinalStepVoltage => potential,
            Decoder::TimeSoftmax => time_softmax(output.clone(), times(&output), dt).scores,
            Decoder::TimeShares => time_shares(output.clone(), times(&output), dt),
        }
    }
}
