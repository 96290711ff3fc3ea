//! The description of a network, as files and checkpoints carry it.

use super::Precision;
use crate::Error;
use crate::coding::{Decoder, Encoder};
use crate::neuron::{Kind, registry};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Description of a [`Network`](super::Network).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Number of time steps, at least 1.
    pub steps: usize,
    /// Time step in ms.
    #[serde(default = "one")]
    pub dt: f32,
    /// From intensities to input over time.
    #[serde(default)]
    pub encoder: Encoder,
    /// From the last layer's activity to scores.
    #[serde(default)]
    pub decoder: Decoder,
    /// Number type between the layers.
    #[serde(default, skip_serializing_if = "Precision::is_single")]
    pub precision: Precision,
    /// The layers, from input to output.
    pub layers: Vec<LayerConfig>,
}

/// More would not fit into any memory.
const MOST_STEPS: usize = 1_000_000;

fn one() -> f32 {
    1.0
}

/// Description of a layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LayerConfig {
    /// `linear = 128`, with `bias = false` if none is wanted.
    Linear {
        /// Number of outputs.
        linear: Width,
        /// Whether there is a bias.
        bias: bool,
    },
    /// `neuron = "plif"`, followed by the model's settings and parameters.
    Neuron {
        /// Name of the model.
        neuron: String,
        /// Its settings (`surrogate`, `reset`) and parameters (`tau_m`).
        #[serde(flatten)]
        settings: BTreeMap<String, serde_json::Value>,
    },
}

/// Number of outputs of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Width {
    /// This many.
    Outputs(usize),
    /// As many as the data have classes, `"classes"`.
    Classes(ClassesWord),
}

/// The word `"classes"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassesWord {
    /// As many as the data have classes.
    Classes,
}

impl Width {
    /// The number, once the classes are known.
    #[must_use]
    pub fn resolve(self, classes: usize) -> usize {
        match self {
            Width::Outputs(outputs) => outputs,
            Width::Classes(_) => classes,
        }
    }
}

// By hand: an untagged enum would answer every mistake with "did not match any variant".
impl<'de> Deserialize<'de> for LayerConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let mut settings = BTreeMap::<String, serde_json::Value>::deserialize(deserializer)?;
        match (settings.remove("linear"), settings.remove("neuron")) {
            (Some(linear), None) => {
                let linear = serde_json::from_value(linear.clone()).map_err(|_| {
                    D::Error::custom(format!("`linear = {linear}`: expected the number of outputs, or \"classes\""))
                })?;
                let bias = match settings.remove("bias") {
                    None => true,
                    Some(serde_json::Value::Bool(bias)) => bias,
                    Some(other) => return Err(D::Error::custom(format!("`bias = {other}`: expected true or false"))),
                };
                match settings.keys().next() {
                    Some(key) => {
                        Err(D::Error::custom(format!("a linear layer has no key `{key}`; it has `linear` and `bias`")))
                    }
                    None => Ok(LayerConfig::Linear { linear, bias }),
                }
            }
            (None, Some(serde_json::Value::String(neuron))) => Ok(LayerConfig::Neuron { neuron, settings }),
            (None, Some(other)) => Err(D::Error::custom(format!("`neuron = {other}`: expected the name of a model"))),
            (Some(_), Some(_)) => Err(D::Error::custom("a layer is either `linear` or `neuron`, not both")),
            (None, None) => {
                Err(D::Error::custom("a layer needs `linear = 128` (connections) or `neuron = \"lif\"` (neurons)"))
            }
        }
    }
}

impl NetworkConfig {
    /// Two layers of neurons of this model, `hidden` and one per class, with a threshold low enough for
    /// both to fire from the first epoch on (where it is in units of the input, not in mV). Where the
    /// model can do without a reset the last layer does, and its potential after the last step is the
    /// score; else its spikes are counted. The score of a model without spikes is its mean output.
    #[must_use]
    pub fn two_layers(neuron: &str, hidden: usize, steps: usize) -> Self {
        use serde_json::{Value, json};
        let model = registry::find(neuron).ok();
        let has = |key: &str| model.is_some_and(|entry| entry.has_setting(key));
        let parameters = model.map_or(&[][..], |entry| entry.info.parameters);
        let normalised = parameters.iter().any(|p| p.name == "v_th" && p.unit.is_empty() && p.default == Some(1.0));
        let linear = |linear| LayerConfig::Linear { linear, bias: true };
        let neurons = |settings: &[(&str, Value)]| {
            let known = settings.iter().filter(|(key, _)| has(key) && (*key != "v_th" || normalised));
            let settings = known.map(|(key, value)| ((*key).to_string(), value.clone())).collect();
            LayerConfig::Neuron { neuron: neuron.to_string(), settings }
        };
        let threshold = ("v_th", json!(0.3));
        NetworkConfig {
            steps,
            dt: 1.0,
            encoder: Encoder::default(),
            precision: Precision::default(),
            decoder: match model.map(|entry| entry.info.kind) {
                Some(Kind::Graded) => Decoder::SpikeRate,
                _ if has("reset") => Decoder::FinalStepVoltage,
                _ => Decoder::SpikeCounts,
            },
            layers: vec![
                linear(Width::Outputs(hidden)),
                neurons(core::slice::from_ref(&threshold)),
                linear(Width::Classes(ClassesWord::Classes)),
                neurons(&[threshold.clone(), ("reset", json!("none"))]),
            ],
        }
    }

    /// Refuses what no data can make sensible.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.steps == 0 {
            return Err(Error::config("network.steps", "is 0; expected at least 1 time step, for example 25"));
        }
        if self.steps > MOST_STEPS {
            let problem = format!("is {}; expected at most {MOST_STEPS} time steps", self.steps);
            return Err(Error::config("network.steps", problem));
        }
        if !(self.dt > 0.0 && self.dt.is_finite()) {
            return Err(Error::config("network.dt", format!("is {}; expected a time step in ms above 0", self.dt)));
        }
        self.encoder.check()?;
        let Some(LayerConfig::Neuron { neuron, .. }) = self.layers.last() else {
            return Err(Error::config(
                "network.layers",
                "the last layer must be one of neurons, for example `neuron = \"lif\"`",
            ));
        };
        let has_potential = registry::find(neuron)?.info.states.iter().any(|state| state.name == "v");
        if self.decoder == Decoder::FinalStepVoltage && !has_potential {
            return Err(Error::config(
                "network.decoder",
                format!("`final_step_voltage` needs a last layer with a membrane potential; `{neuron}` has none"),
            ));
        }
        Ok(())
    }
}
