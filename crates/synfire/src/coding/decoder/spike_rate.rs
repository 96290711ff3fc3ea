//! Firing rates.

use super::populations::populations;
use super::{Activations, Decode, Decoded};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Firing rates of output neurons in spikes per step, or mean outputs of neurons that do not spike; of populations of
/// `pop_size` neighbours their sum: `(rate + bias) scale`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpikeRate {
    /// Number of neurons of a class, at least 1.
    pub pop_size: usize,
    /// Bias, added to each rate.
    pub bias: f32,
    /// Factor of the sum, not 0.
    pub scale: f32,
}

populations!(SpikeRate);

impl Named for SpikeRate {
    const NAME: &'static str = "spike_rate";
    const ABOUT: &'static str = "spikes per step, or mean output, of each output neuron";
}

impl Decode for SpikeRate {
    fn check(&self) -> Result<(), BadSetting> {
        self.populations().check()
    }

    fn unit(&self, spiking: bool) -> &'static str {
        if spiking { "spikes per step" } else { "mean output" }
    }

    fn score_count(&self, neurons: usize) -> Result<usize, String> {
        self.populations().count(neurons)
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        self.populations().pool(activations.values.clone().mean_dim(0)).into()
    }
}
