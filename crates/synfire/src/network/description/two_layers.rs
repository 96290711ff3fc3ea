//! A network to start with, for neurons of any model.

use super::{LayerConfig, NetworkConfig, Precision};
use crate::coding::{Decoder, Encoder, FinalStepVoltage, Reads, SpikeCounts, SpikeRate, TimeSoftmax};
use crate::network::layer::Width;
use crate::neuron::registry::{self, Entry};
use crate::neuron::{OperatingPoint, OutputKind, Settings};
use serde_json::{Value, json};
use synfire_dynamics::FieldInfo;

impl NetworkConfig {
    /// Two layers of neurons of this model, `hidden` and one per class, with connections as strong as the model's
    /// [operating point](OperatingPoint) says, and a threshold low enough for both to fire from the first epoch on
    /// (where it is in units of the input, not in mV). No gradient flows through a reset.
    ///
    /// Where the model can do without a reset the last layer does, and its potential after the last step is the score;
    /// else its spikes are counted, by their time if they have one. The score of a model without spikes is its mean
    /// output.
    #[must_use]
    pub fn two_layers(neuron: &str, hidden: usize, steps: usize) -> Self {
        Self::two_layers_for(neuron, hidden, steps, None, None)
    }

    /// As [`two_layers`](Self::two_layers), for an encoder and a decoder where one is given.
    ///
    /// The last layer resets if the decoder is of spikes, and does not if it is of potentials. If the encoder is
    /// [sparse](crate::coding::Encode::sparse), there are twice as many steps and hidden neurons, and where the model's
    /// membrane time constant is in steps a memory longer than the sample.
    #[must_use]
    pub fn two_layers_for(
        neuron: &str,
        hidden: usize,
        steps: usize,
        encoder: Option<Encoder>,
        decoder: Option<Decoder>,
    ) -> Self {
        let entry = registry::find(neuron).ok();
        let sparse = encoder.as_ref().is_some_and(|encoder| encoder.sparse());
        let remembers = sparse && entry.as_ref().is_some_and(has_tau_in_steps);
        let mut gain = entry.map_or(OperatingPoint::UNIT, |entry| entry.info.operating_point).current;
        if remembers {
            // the membrane takes the share `1 / tau_m` of its input
            gain *= MEMORY / 2.0;
        }
        let neurons = |mut settings: Settings| {
            if remembers {
                settings.remove("v_th");
                settings.insert("tau_m".to_string(), json!(MEMORY));
            }
            LayerConfig::neurons(neuron, settings)
        };
        let mut last = entry.as_ref().map_or_else(Settings::new, last_layer);
        if decoder.as_ref().is_some_and(|decoder| !reads_potential(decoder)) {
            last.remove("reset");
        }
        let times = if sparse { 2 } else { 1 };
        NetworkConfig {
            steps: times * steps,
            dt: 1.0,
            delay: 0,
            encoder: encoder.unwrap_or_default(),
            precision: Precision::default(),
            decoder: decoder.unwrap_or_else(|| entry.as_ref().map_or_else(Decoder::default, suited_decoder)),
            layers: vec![
                LayerConfig::linear(Width::Outputs(times * hidden), gain),
                neurons(entry.as_ref().map_or_else(Settings::new, hidden_layer)),
                LayerConfig::linear(Width::CLASSES, gain),
                neurons(last),
            ],
        }
    }
}

/// Membrane time constant, in steps, of neurons whose inputs come once: the first of them is still there at the end.
const MEMORY: f32 = 100.0;

fn has_tau_in_steps(entry: &Entry) -> bool {
    entry.info.parameters.iter().any(|p| p.name == "tau_m" && p.unit == "steps")
}

fn reads_potential(decoder: &Decoder) -> bool {
    matches!(decoder.reads(), Reads::FinalPotential | Reads::Potentials)
}

/// The decoder that makes scores of the model's output.
fn suited_decoder(entry: &Entry) -> Decoder {
    match entry.info.output {
        OutputKind::Graded => SpikeRate::default().into(),
        OutputKind::Spiking if entry.info.spike_time.is_some() => TimeSoftmax::default().into(),
        OutputKind::Spiking if entry.has_setting("reset") => FinalStepVoltage {}.into(),
        OutputKind::Spiking => SpikeCounts::default().into(),
    }
}

fn hidden_layer(entry: &Entry) -> Settings {
    let mut settings = Settings::new();
    let normalised = |p: &FieldInfo| p.name == "v_th" && p.unit.is_empty() && p.default == Some(1.0);
    if entry.info.parameters.iter().any(normalised) {
        settings.insert("v_th".to_string(), json!(0.3));
    }
    if entry.settings().get("detach_reset") == Some(&Value::Bool(false)) {
        settings.insert("detach_reset".to_string(), json!(true));
    }
    settings
}

/// As the hidden one, with an activity that makes scores.
fn last_layer(entry: &Entry) -> Settings {
    let mut settings = hidden_layer(entry);
    if entry.has_setting("reset") {
        settings.insert("reset".to_string(), json!("none"));
    }
    let starts = entry.info.operating_point.output_initial;
    let initial: serde_json::Map<_, _> =
        starts.iter().map(|&(state, value)| (state.to_string(), json!(value))).collect();
    if !initial.is_empty() {
        settings.insert("initial".to_string(), Value::Object(initial));
    }
    settings
}
