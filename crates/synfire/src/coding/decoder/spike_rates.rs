//! Firing rates, without settings.

use super::{Activations, Decode, Decoded};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Firing rates of output neurons in spikes per step: [`SpikeRate`](super::SpikeRate) without its settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpikeRates {}

impl Named for SpikeRates {
    const NAME: &'static str = "spike_rates";
    const ABOUT: &'static str = "spikes per step of each output neuron, nothing added";
}

impl Decode for SpikeRates {
    fn unit(&self, _: bool) -> &'static str {
        "spikes per step"
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        activations.values.clone().mean_dim(0).into()
    }
}
