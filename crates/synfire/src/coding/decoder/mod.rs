//! Decoders: from what the last layer did to one score per class.

mod complex_count;
mod complex_latency;
mod complex_phase;
mod complex_timing_distance;
mod complex_trajectory;
mod final_step_voltage;
mod first_spike;
mod identity;
mod membrane_trajectory;
mod populations;
mod smooth;
mod spike_conv;
mod spike_counts;
mod spike_rate;
mod spike_rates;
mod spike_times;
mod time_shares;
mod time_softmax;
mod time_spike_counts;
mod voltage_sum;

pub use complex_count::ComplexCount;
pub use complex_latency::ComplexLatency;
pub use complex_phase::ComplexPhase;
pub use complex_timing_distance::{ComplexTimingDistance, TimingDistance};
pub use complex_trajectory::ComplexTrajectory;
pub use final_step_voltage::FinalStepVoltage;
pub use first_spike::FirstSpike;
pub use identity::IdentityDecoder;
pub use membrane_trajectory::MembraneTrajectory;
pub use spike_conv::{ComplexConv, SpikeConv};
pub use spike_counts::SpikeCounts;
pub use spike_rate::SpikeRate;
pub use spike_rates::SpikeRates;
pub use spike_times::{TimeSoftmaxScores, time_norms, time_shares, time_softmax};
pub use time_shares::TimeShares;
pub use time_softmax::TimeSoftmax;
pub use time_spike_counts::TimeSpikeCounts;
pub use voltage_sum::VoltageSum;

use super::loss::Loss;
use crate::registry::{BadSetting, Component, kind};
use burn::tensor::Tensor;
use core::fmt::Debug;
use rand_chacha::ChaCha8Rng;

/// A decoder with its settings: how the last layer's activity becomes scores.
pub type Decoder = Component<dyn Decode>;

kind!(
    "decoder",
    Decode,
    [
        ComplexConv,
        ComplexCount,
        ComplexLatency,
        ComplexPhase,
        ComplexTimingDistance,
        ComplexTrajectory,
        FinalStepVoltage,
        FirstSpike,
        IdentityDecoder,
        SpikeConv,
        SpikeCounts,
        SpikeRate,
        SpikeRates,
        TimeShares,
        TimeSoftmax,
        TimeSpikeCounts,
        MembraneTrajectory,
        VoltageSum,
    ]
);

impl Default for Decoder {
    fn default() -> Self {
        SpikeCounts::default().into()
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

    /// What a score is, in a word or two, for neurons that [spike](crate::neuron::OutputKind) or do not.
    fn unit(&self, spiking: bool) -> &'static str {
        let _ = spiking;
        "score"
    }

    /// Whether its scores have a gradient, for neurons whose spikes have a time of their own or have not.
    fn has_gradient(&self, spike_times: bool) -> bool {
        let _ = spike_times;
        true
    }

    /// Number of scores that it makes of so many neurons.
    ///
    /// # Errors
    ///
    /// Why it cannot be that many neurons.
    fn scores(&self, neurons: usize) -> Result<usize, String> {
        Ok(neurons)
    }

    /// What it learns itself, for so many neurons.
    fn parameters(&self, neurons: usize, rng: &mut ChaCha8Rng) -> Vec<DecoderParameter> {
        let _ = (neurons, rng);
        vec![]
    }

    /// Whether there are scores of every step.
    fn every_step(&self) -> bool {
        false
    }

    /// The loss that suits its scores, where a configuration names none.
    fn default_loss(&self) -> Loss {
        Loss::default()
    }

    /// Whether its gradient can be so large that a training should limit the norm.
    fn steep(&self) -> bool {
        false
    }

    /// The scores of a batch; `parameters` are those that it [learns](Self::parameters).
    fn decode(&self, activity: &Activity, parameters: &[Tensor<1>]) -> Decoded;
}

/// A number per neuron that a decoder learns.
#[derive(Clone, Debug, PartialEq)]
pub struct DecoderParameter {
    /// In the network it is `decoder.` and this.
    pub name: &'static str,
    /// What it starts from.
    pub values: Vec<f32>,
    /// What it stays above, if there is such a bound.
    pub above: Option<f32>,
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

    /// Membrane potential after each step, `[T, B, N]`; the output where the model has none.
    #[must_use]
    pub fn potentials(&self) -> Tensor<3> {
        self.potential.clone().unwrap_or_else(|| self.output.clone())
    }

    /// The complex record of decoders that read spikes and their times as one number.
    #[must_use]
    pub fn complex(&self) -> Complex {
        Complex { re: self.output.clone(), im: self.times() / self.dt }
    }

    /// 0 to `T - 1`, `[T, 1, 1]`.
    pub(crate) fn step_numbers(&self) -> Tensor<3> {
        let numbers: Vec<f32> = (0..self.steps()).map(|k| k as f32).collect();
        Tensor::<1>::from_floats(numbers.as_slice(), &self.output.device()).reshape([self.steps(), 1, 1])
    }

    /// Number of steps.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.output.dims()[0]
    }
}

/// Spikes and their times as complex numbers, a pair of real tensors.
#[derive(Clone, Debug)]
pub struct Complex {
    /// Amount of the spike, `[T, B, N]`.
    pub re: Tensor<3>,
    /// By how much it precedes the end of its step, in steps, `[T, B, N]`.
    pub im: Tensor<3>,
}

/// What a decoder makes of it.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// `[1, B, S]`, or `[T, B, S]` where there are scores of every step.
    pub scores: Tensor<3>,
    /// What the decoder wants kept small, `[1]`: training adds it to the loss.
    pub penalty: Option<Tensor<1>>,
}

impl Decoded {
    /// One score per class for each sample, `[B, S]`: the mean over time.
    #[must_use]
    pub fn pooled(&self) -> Tensor<2> {
        let scores = self.scores.clone();
        if scores.dims()[0] == 1 { scores.squeeze_dim(0) } else { scores.mean_dim(0).squeeze_dim(0) }
    }
}

impl From<Tensor<3>> for Decoded {
    fn from(scores: Tensor<3>) -> Self {
        Decoded { scores, penalty: None }
    }
}
