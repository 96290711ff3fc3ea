//! How often each neuron fired in a step, plainly.

use super::{Activations, Decode, Decoded};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Spikes per step of each output neuron: [`SpikeRate`](super::SpikeRate) without its settings.
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

    fn decode(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        activations.values.clone().mean_dim(0).into()
    }
}
