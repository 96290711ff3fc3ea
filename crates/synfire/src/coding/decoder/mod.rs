//! Decoders: from what the last layer did to one score per class.

mod final_step_voltage;
mod spike_counts;
mod spike_rate;
mod spike_times;
mod time_shares;
mod time_softmax;

pub use final_step_voltage::FinalStepVoltage;
pub use spike_counts::SpikeCounts;
pub use spike_rate::SpikeRate;
pub use spike_times::{TimeSoftmaxScores, time_shares, time_softmax};
pub use time_shares::TimeShares;
pub use time_softmax::TimeSoftmax;

use crate::registry::{BadSetting, Choice, kind};
use burn::tensor::Tensor;
use core::fmt::Debug;

/// A decoder with its settings: how the last layer's activity becomes scores.
pub type Decoder = Choice<dyn Decode>;

kind!("decoder", Decode, [FinalStepVoltage, SpikeCounts, SpikeRate, TimeShares, TimeSoftmax]);

impl Default for Decoder {
    fn default() -> Self {
        SpikeCounts {}.into()
    }
}

/// What a decoder does; implement it with [`Named`](crate::registry::Named) for one of your own, and
/// [`register`] it to use it by name. All are differentiable.
pub trait Decode: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, what is wrong with it and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// What it reads of the last layer besides the output.
    fn reads(&self) -> Reads {
        Reads::Output
    }

    /// What a score is, in a word or two, for neurons that [spike](crate::neuron::Kind) or do not.
    fn unit(&self, spiking: bool) -> &'static str {
        let _ = spiking;
        "score"
    }

    /// Number of scores that it makes of so many neurons.
    ///
    /// # Errors
    ///
    /// Why it cannot be that many neurons.
    fn scores(&self, neurons: usize) -> Result<usize, String> {
        Ok(neurons)
    }

    /// The scores of a batch.
    fn decode(&self, activity: &Activity) -> Decoded;
}

/// What a decoder reads of the last layer besides its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Nothing else.
    Output,
    /// The times of spikes inside their step, where the model has them.
    SpikeTimes,
    /// The membrane potential after the last step.
    FinalPotential,
    /// The membrane potential after each step.
    Potentials,
}

/// What the last layer did.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Spikes or graded output, `[T, B, N]`.
    pub output: Tensor<3>,
    /// By how much each spike precedes the end of its step, in ms, `[T, B, N]`; where the model has no spike
    /// times, nothing.
    pub spike_times: Option<Tensor<3>>,
    /// Membrane potential, `[T, B, N]` after each step or `[1, B, N]` after the last one; nothing where the
    /// model has none.
    pub potential: Option<Tensor<3>>,
    /// Length of a step in ms.
    pub dt: f32,
}

impl Activity {
    /// Times of spikes inside their step, [as above](Self::spike_times); zeros where the model has none.
    #[must_use]
    pub fn times(&self) -> Tensor<3> {
        self.spike_times.clone().unwrap_or_else(|| self.output.zeros_like())
    }

    /// Membrane potential after the last step, `[1, B, N]`; the sum of the output where the model has none.
    #[must_use]
    pub fn final_potential(&self) -> Tensor<3> {
        match &self.potential {
            Some(potential) => {
                let last = potential.dims()[0] - 1;
                potential.clone().narrow(0, last, 1)
            }
            None => self.output.clone().sum_dim(0),
        }
    }

    /// Number of steps.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.output.dims()[0]
    }
}

/// What a decoder makes of it.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// `[1, B, S]`, or `[T, B, S]` where there are scores of every step.
    pub scores: Tensor<3>,
    /// What the decoder wants kept small, `[1]`; a loss may add it.
    pub penalty: Option<Tensor<1>>,
}

impl Decoded {
    /// One score per class for each sample, `[B, S]`: the mean over time.
    #[must_use]
    pub fn pooled(&self) -> Tensor<2> {
        self.scores.clone().mean_dim(0).squeeze_dim(0)
    }
}

impl From<Tensor<3>> for Decoded {
    fn from(scores: Tensor<3>) -> Self {
        Decoded { scores, penalty: None }
    }
}
