//! The description of a network, as files and checkpoints carry it.

use super::Precision;
use crate::Error;
use crate::coding::{Decoder, Encoder, Reads, Window};
use crate::neuron::registry;
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_one(gain: &f32) -> bool {
    *gain == 1.0
}

/// Description of a layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LayerConfig {
    /// `linear = 128`, with `bias = false` if none is wanted, and a `gain` if its outputs are large currents.
    Linear {
        /// Number of outputs.
        linear: Width,
        /// Whether there is a bias.
        bias: bool,
        /// What the outputs are multiplied by: the unit of the weights in that of the neurons' current.
        #[serde(skip_serializing_if = "is_one")]
        gain: f32,
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
                let gain =
                    settings.remove("gain").map_or(Ok(1.0), |gain| match gain.as_f64().map(|gain| gain as f32) {
                        Some(gain) if gain > 0.0 && gain.is_finite() => Ok(gain),
                        _ => Err(D::Error::custom(format!("`gain = {gain}`: expected a number above 0"))),
                    })?;
                match settings.keys().next() {
                    Some(key) => Err(D::Error::custom(format!(
                        "a linear layer has no key `{key}`; it has `linear`, `bias` and `gain`"
                    ))),
                    None => Ok(LayerConfig::Linear { linear, bias, gain }),
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
        self.encoder.check().map_err(|bad| bad.at("network.encoder"))?;
        self.decoder.check().map_err(|bad| bad.at("network.decoder"))?;
        let Some(LayerConfig::Neuron { neuron, .. }) = self.layers.last() else {
            return Err(Error::config(
                "network.layers",
                "the last layer must be one of neurons, for example `neuron = \"lif\"`",
            ));
        };
        let has_potential = registry::find(neuron)?.info.states.iter().any(|state| state.name == "v");
        let decoder = self.decoder.name();
        if matches!(self.decoder.reads(), Reads::FinalPotential | Reads::Potentials) && !has_potential {
            return Err(Error::config(
                "network.decoder",
                format!("`{decoder}` needs a last layer with a membrane potential; `{neuron}` has none"),
            ));
        }
        Ok(())
    }

    /// The time in which a sample is presented.
    #[must_use]
    pub fn window(&self) -> Window {
        Window { steps: self.steps, dt: self.dt }
    }
}
