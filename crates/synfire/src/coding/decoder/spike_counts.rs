//! Spike counts.

use super::populations::populations;
use super::{Activations, Decode, Decoded};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Spike counts of output neurons, or of populations of `pop_size` neighbours: `(count + bias) scale`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpikeCounts {
    /// Number of neurons of a class, at least 1.
    pub pop_size: usize,
    /// Bias, added to each count.
    pub bias: f32,
    /// Factor of the sum, not 0.
    pub scale: f32,
}

populations!(SpikeCounts);

impl Named for SpikeCounts {
    const NAME: &'static str = "spike_counts";
    const ABOUT: &'static str = "number of spikes of each output neuron";
}

impl Decode for SpikeCounts {
    fn check(&self) -> Result<(), BadSetting> {
        self.populations().check()
    }

    fn unit(&self, _: bool) -> &'static str {
        "spikes"
    }

    fn score_count(&self, neurons: usize) -> Result<usize, String> {
        self.populations().count(neurons)
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        self.populations().pool(activations.values.clone().sum_dim(0)).into()
    }
}
