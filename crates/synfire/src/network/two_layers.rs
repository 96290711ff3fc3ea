//! A network to start with, for neurons of any model.

use super::Precision;
use super::config::{ClassesWord, LayerConfig, LayerKind, NetworkConfig, Width};
use crate::coding::{Decoder, Encoder, FinalStepVoltage, Reads, SpikeCounts, SpikeRate, TimeSoftmax};
use crate::neuron::registry::{self, Entry};
use crate::neuron::{OperatingPoint, OutputKind, Settings};
use serde_json::{Value, json};
use synfire_dynamics::FieldInfo;

impl NetworkConfig {
    /// Two layers of neurons of this model, `hidden` and one per class, with connections as strong as the
    /// model's [operating point](OperatingPoint) says, and a threshold low enough for both to fire from the first epoch on
    /// (where it is in units of the input, not in mV). No gradient flows through a reset.
    ///
    /// Where the model can do without a reset the last layer does, and its potential after the last step
    /// is the score; else its spikes are counted, by their time if they have one. The score of a model
    /// without spikes is its mean output.
    #[must_use]
    pub fn two_layers(neuron: &str, hidden: usize, steps: usize) -> Self {
        let entry = registry::find(neuron).ok();
        let gain = entry.map_or(OperatingPoint::UNIT, |entry| entry.info.operating_point).current;
        let linear = |outputs| LayerConfig::linear(outputs, gain);
        let neurons = |settings| LayerConfig::neurons(neuron, settings);
        NetworkConfig {
            steps,
            dt: 1.0,
            delay: 0,
            encoder: Encoder::default(),
            precision: Precision::default(),
            decoder: entry.as_ref().map_or_else(Decoder::default, decoder),
            layers: vec![
                linear(Width::Outputs(hidden)),
                neurons(entry.as_ref().map_or_else(Settings::new, hidden_layer)),
                linear(Width::Classes(ClassesWord::Classes)),
                neurons(entry.as_ref().map_or_else(Settings::new, last_layer)),
            ],
        }
    }

    /// The same network for this encoder and decoder, where one is given. The last layer resets if the decoder is
    /// of spikes, and does not if it is of potentials. If the encoder is [sparse](crate::coding::Encode::sparse),
    /// there are twice as many steps and hidden neurons, and where the model's membrane time constant is in steps a
    /// memory longer than the window.
    #[must_use]
    pub fn for_coding(mut self, encoder: Option<Encoder>, decoder: Option<Decoder>) -> Self {
        if let Some(encoder) = encoder {
            if encoder.sparse() {
                self = self.for_single_spikes();
            }
            self.encoder = encoder;
        }
        let Some(decoder) = decoder else { return self };
        let of_potentials = matches!(decoder.reads(), Reads::FinalPotential | Reads::Potentials);
        if let Some(LayerKind::Neuron { settings, .. }) = self.layers.last_mut().map(|layer| &mut layer.kind)
            && !of_potentials
        {
            settings.remove("reset");
        }
        self.decoder = decoder;
        self
    }

    fn for_single_spikes(mut self) -> Self {
        let remembers = self.layers.iter().all(|layer| match &layer.kind {
            LayerKind::Neuron { neuron, .. } => has_tau_in_steps(neuron),
            LayerKind::Linear { .. } | LayerKind::Module { .. } => true,
        });
        self.steps *= 2;
        for layer in &mut self.layers {
            match &mut layer.kind {
                LayerKind::Linear { linear, gain, .. } => {
                    if let Width::Outputs(hidden) = linear {
                        *hidden *= 2;
                    }
                    if remembers {
                        // the membrane takes the share `1 / tau_m` of its input
                        *gain *= MEMORY / 2.0;
                    }
                }
                LayerKind::Neuron { settings, .. } if remembers => {
                    settings.remove("v_th");
                    settings.insert("tau_m".to_string(), json!(MEMORY));
                }
                _ => {}
            }
        }
        self
    }
}

/// Membrane time constant, in steps, of neurons whose inputs come once: what comes first is still there at the end.
const MEMORY: f32 = 100.0;

fn has_tau_in_steps(model: &str) -> bool {
    let is = |p: &FieldInfo| p.name == "tau_m" && p.unit == "steps";
    registry::find(model).is_ok_and(|entry| entry.info.parameters.iter().any(is))
}

/// What makes scores of the model's output.
fn decoder(entry: &Entry) -> Decoder {
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
    let initial: serde_json::Map<_, _> = entry
        .info
        .operating_point
        .output_initial
        .iter()
        .map(|&(state, value)| (state.to_string(), json!(value)))
        .collect();
    if !initial.is_empty() {
        settings.insert("initial".to_string(), Value::Object(initial));
    }
    settings
}
