//! Decoders: from the activity of the last layer to one score per class.

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
use super::precision::single;
use super::{Activations, Complex};
use crate::registry::{BadSetting, Component, kind};
use burn::tensor::Tensor;
use core::fmt::Debug;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A decoder with its settings: it turns the activity of the last layer into scores.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::coding::{Decode, Decoder, SpikeRate};
///
/// // one sample of two neurons in four steps, [T, B, N]
/// let spikes = Tensor::<3>::from_floats([[[1., 0.]], [[0., 0.]], [[1., 0.]], [[1., 1.]]], &Device::default());
/// let scores = SpikeRate::default().scores(spikes.clone());
/// assert_eq!(scores.into_data().try_into_vec::<f32>().unwrap(), [0.75, 0.25]);
/// // the same by name
/// let scores = Decoder::named("first_spike")?.scores(spikes);
/// assert_eq!(scores.into_data().try_into_vec::<f32>().unwrap(), [1.0, 0.0]);
/// # Ok::<(), synfire::Error>(())
/// ```
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

/// The work of a decoder; implement it with [`Named`](crate::registry::Named) for one of your own, and [`register`] it
/// to use it by name. All are differentiable.
pub trait Decode: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, its value and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Part of the activations that it reads besides the values.
    fn reads(&self) -> Reads {
        Reads::Output
    }

    /// Name of a score in a word or two, for neurons that [spike](crate::neuron::OutputKind) or do not.
    fn unit(&self, spiking: bool) -> &'static str {
        let _ = spiking;
        "score"
    }

    /// Whether its scores have a gradient, for neurons whose spikes have a time of their own or have not.
    fn has_gradient(&self, spike_times: bool) -> bool {
        let _ = spike_times;
        true
    }

    /// Number of scores that it makes of `neurons`.
    ///
    /// # Errors
    ///
    /// Why it cannot be that many neurons.
    fn score_count(&self, neurons: usize) -> Result<usize, String> {
        Ok(neurons)
    }

    /// Parameters of its own that it learns, for `neurons`.
    fn parameters(&self, neurons: usize, rng: &mut ChaCha8Rng) -> Vec<DecoderParameter> {
        let _ = (neurons, rng);
        vec![]
    }

    /// Whether it has scores at every step.
    fn every_step(&self) -> bool {
        false
    }

    /// The loss that suits its scores, where a configuration names none.
    fn default_loss(&self) -> Loss {
        Loss::default()
    }

    /// Whether its gradient can be so large that training should limit the norm.
    fn steep(&self) -> bool {
        false
    }

    /// The scores of a batch, in single precision; `parameters` are those that it [learns](Self::parameters). The values
    /// of `activations` are `[T, B, N]`, in any precision.
    fn decode(&self, activations: &Activations, parameters: &[Tensor<1>]) -> Decoded {
        self.read(&activations.in_single(), parameters)
    }

    /// The work of [`decode`](Self::decode), which hands on everything in single precision.
    fn read(&self, activations: &Activations, parameters: &[Tensor<1>]) -> Decoded;

    /// Scores `[B, S]` of spikes or graded outputs `[T, B, N]` in steps of 1 ms. Of a decoder with scores at every step
    /// it is their mean; parameters of its own have the initial values of seed 0.
    fn scores(&self, spikes: Tensor<3>) -> Tensor<2> {
        let ([_, _, neurons], device) = (spikes.dims(), spikes.device());
        let parameters = self.parameters(neurons, &mut ChaCha8Rng::seed_from_u64(0));
        let parameters = parameters.iter().map(|own| Tensor::from_floats(own.values.as_slice(), &device));
        self.decode(&spikes.into(), &parameters.collect::<Vec<_>>()).pooled()
    }
}

/// A parameter that a decoder learns, a value per neuron.
#[derive(Clone, Debug, PartialEq)]
pub struct DecoderParameter {
    /// Name; in the network `decoder.` stands before it.
    pub name: &'static str,
    /// Initial values, one per neuron.
    pub values: Vec<f32>,
    /// Lower bound of the values, exclusive; none if there is none.
    pub above: Option<f32>,
}

/// Part of the activations that a decoder or an action reads besides the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// None.
    Output,
    /// The times of spikes inside their step, where the model has them.
    SpikeTimes,
    /// The membrane potential after the last step.
    FinalPotential,
    /// The membrane potential after each step.
    Potentials,
}

/// Scores of a batch.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Scores, `[1, B, S]`, or `[T, B, S]` where there are scores at every step.
    pub scores: Tensor<3>,
    /// Penalty of the decoder, `[1]`: training adds it to the loss.
    pub penalty: Option<Tensor<1>>,
}

impl Decoded {
    /// The scores in single precision.
    pub(crate) fn single_scores(&self) -> Tensor<3> {
        single(self.scores.clone())
    }

    /// Scores of the whole sample, `[B, S]`: the mean over time.
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
