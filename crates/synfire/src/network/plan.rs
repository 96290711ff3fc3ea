//! What there is to know of a network before it runs.

use super::Layer;
use super::config::{LayerKind, NetworkConfig};
use super::wiring::{self, Origin, Wiring};
use crate::coding::{Generator, Reads};
use crate::neuron::Neurons;

/// Decided once, when the network is built.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) wiring: Wiring,
    /// Of each layer, in whole steps.
    pub(super) delays: Vec<usize>,
    /// Of the connections of each layer of neurons with itself.
    pub(super) recurrent_delays: Vec<usize>,
    /// What is added to the current of each layer of neurons.
    pub(super) injected: Vec<Option<Generator>>,
    /// Whether the times of spikes inside their step are wanted of the samples, and of each layer.
    pub(super) wants_times: (bool, Vec<bool>),
}

impl Plan {
    pub(super) fn of(config: &NetworkConfig, wiring: Wiring, layers: &[Layer]) -> Self {
        let delays = config.layers.iter().map(|layer| wiring::delay(layer, config.delay)).collect();
        let (mut recurrent_delays, mut injected) = (vec![], vec![]);
        for layer in &config.layers {
            let (recurrent, inject) = match &layer.kind {
                LayerKind::Neuron { recurrent, inject, .. } => (recurrent.as_ref(), inject.clone()),
                LayerKind::Linear { .. } | LayerKind::Module { .. } => (None, None),
            };
            recurrent_delays.push(recurrent.map_or(0, |recurrent| recurrent.delay));
            injected.push(inject);
        }
        let wants_times = wants_times(config, &wiring, layers);
        Plan { wiring, delays, recurrent_delays, injected, wants_times }
    }
}

/// The input that takes the times of spikes.
pub(super) const TIME_INPUT: &str = "current_time";

pub(super) fn takes_times(neurons: &Neurons) -> bool {
    neurons.info().inputs.iter().any(|input| input.name == TIME_INPUT)
}

/// Times are wanted by neurons that take them and by the decoder, and through connections.
fn wants_times(config: &NetworkConfig, wiring: &Wiring, layers: &[Layer]) -> (bool, Vec<bool>) {
    let takes = |layer: &Layer| matches!(layer, Layer::Neurons(neurons) if takes_times(neurons));
    let recurrent = |i: usize| matches!(config.layers[i].kind, LayerKind::Neuron { recurrent: Some(_), .. });
    let last = layers.len() - 1;
    let decoder = config.decoder.reads() == Reads::SpikeTimes;
    let mut wants: Vec<bool> =
        (0..layers.len()).map(|i| i == last && decoder || recurrent(i) && takes(&layers[i])).collect();
    let mut of_samples = false;
    loop {
        let before = (of_samples, wants.clone());
        for (i, inputs) in wiring.inputs.iter().enumerate() {
            if takes(&layers[i]) || matches!(layers[i], Layer::Linear(_)) && wants[i] {
                for input in inputs {
                    match *input {
                        Origin::Sample => of_samples = true,
                        Origin::Layer(layer) => wants[layer] = true,
                    }
                }
            }
        }
        if before == (of_samples, wants.clone()) {
            return before;
        }
    }
}
