//! The description of a layer.

use super::wiring::{RecurrentConfig, Wiring, Words};
use super::{DelayConfig, ModuleConfig};
use crate::coding::Generator;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

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
        /// By how much it is late; without it, the network's `delay`.
        #[serde(skip_serializing_if = "Option::is_none")]
        delay: Option<DelayConfig>,
        /// Its name and its inputs.
        #[serde(flatten)]
        wiring: Wiring,
    },
    /// `neuron = "plif"`, followed by the model's settings and parameters.
    Neuron {
        /// Name of the model.
        neuron: String,
        /// Connections with themselves.
        #[serde(skip_serializing_if = "Option::is_none")]
        recurrent: Option<RecurrentConfig>,
        /// Generators whose output is added to the current, without delay.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        inject: Vec<Generator>,
        /// Its name and its inputs.
        #[serde(flatten)]
        wiring: Wiring,
        /// Its settings (`surrogate`, `reset`) and parameters (`tau_m`).
        #[serde(flatten)]
        settings: BTreeMap<String, Value>,
    },
    /// `module = "layer_norm"`: a module between layers, the same at every step.
    Module {
        /// Which.
        module: ModuleConfig,
        /// Its name and its inputs.
        #[serde(flatten)]
        wiring: Wiring,
    },
    /// `generator = "cc_generator"` and `neurons = 10`: what comes from no sample.
    Generator {
        /// Which.
        generator: Generator,
        /// Number of its outputs.
        neurons: usize,
        /// Its name.
        #[serde(flatten)]
        wiring: Wiring,
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

impl LayerConfig {
    /// Connections with a bias to this many outputs.
    #[must_use]
    pub fn linear(linear: Width) -> Self {
        LayerConfig::Linear { linear, bias: true, gain: 1.0, delay: None, wiring: Wiring::default() }
    }

    /// The same with this gain, where it is connections.
    #[must_use]
    pub fn with_gain(mut self, new: f32) -> Self {
        if let LayerConfig::Linear { gain, .. } = &mut self {
            *gain = new;
        }
        self
    }

    /// Neurons of a model.
    #[must_use]
    pub fn neuron(neuron: &str, settings: BTreeMap<String, Value>) -> Self {
        let (recurrent, inject, wiring) = (None, vec![], Wiring::default());
        LayerConfig::Neuron { neuron: neuron.to_string(), recurrent, inject, wiring, settings }
    }

    /// Its name and its inputs.
    #[must_use]
    pub fn wiring(&self) -> &Wiring {
        let (LayerConfig::Linear { wiring, .. }
        | LayerConfig::Neuron { wiring, .. }
        | LayerConfig::Module { wiring, .. }
        | LayerConfig::Generator { wiring, .. }) = self;
        wiring
    }

    pub(super) fn wiring_mut(&mut self) -> &mut Wiring {
        let (LayerConfig::Linear { wiring, .. }
        | LayerConfig::Neuron { wiring, .. }
        | LayerConfig::Module { wiring, .. }
        | LayerConfig::Generator { wiring, .. }) = self;
        wiring
    }

    fn read(mut words: Words) -> Result<Self, String> {
        let kinds = ["linear", "neuron", "module", "generator"];
        let given: Vec<&str> = kinds.into_iter().filter(|kind| words.0.contains_key(*kind)).collect();
        let kind = match given.as_slice() {
            [kind] => *kind,
            [one, other, ..] => return Err(format!("a layer is either `{one}` or `{other}`, not both")),
            [] => {
                return Err("a layer needs `linear = 128` (connections) or `neuron = \"lif\"` (neurons), or a \
                            `module` or `generator`"
                    .to_string());
            }
        };
        let wiring = words.wiring()?;
        let missing = || format!("a layer needs its `{kind}`");
        match kind {
            "linear" => {
                let linear = words.take("linear", "the number of outputs, or \"classes\"")?.ok_or_else(missing)?;
                let bias = words.take("bias", "true or false")?.unwrap_or(true);
                let gain: f32 = words.take("gain", "a number above 0")?.unwrap_or(1.0);
                if !(gain > 0.0 && gain.is_finite()) {
                    return Err(format!("`gain = {gain}`: expected a number above 0"));
                }
                let delay = words.delay()?;
                words.end("linear layer", "`linear`, `bias`, `gain`, `delay`, `name` and `input` or `inputs`")?;
                Ok(LayerConfig::Linear { linear, bias, gain, delay, wiring })
            }
            "neuron" => {
                let neuron = words.take("neuron", "the name of a model")?.ok_or_else(missing)?;
                let (recurrent, inject) = (words.recurrent()?, words.several("inject")?);
                Ok(LayerConfig::Neuron { neuron, recurrent, inject, wiring, settings: words.0 })
            }
            "module" => {
                let module = words.several("module")?.pop().ok_or_else(missing)?;
                words.end("module", "`module`, `name` and `input` or `inputs`")?;
                Ok(LayerConfig::Module { module: ModuleConfig::Named(module), wiring })
            }
            _ => {
                let generator = words.several("generator")?.pop().ok_or_else(missing)?;
                let neurons = words.take("neurons", "the number of its outputs")?;
                let neurons = neurons.ok_or("a generator needs `neurons = 10`, the number of its outputs")?;
                words.end("generator", "`generator`, `neurons` and `name`")?;
                match wiring.inputs {
                    Some(_) => Err("a generator has no inputs".to_string()),
                    None => Ok(LayerConfig::Generator { generator, neurons, wiring }),
                }
            }
        }
    }
}

// By hand: an untagged enum would answer every mistake with "did not match any variant".
impl<'de> Deserialize<'de> for LayerConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        LayerConfig::read(Words(BTreeMap::deserialize(deserializer)?)).map_err(serde::de::Error::custom)
    }
}
