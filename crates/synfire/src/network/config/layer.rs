//! The description of a layer.

use crate::coding::Generator;
use crate::network::ModuleConfig;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Description of a layer: what it is, and what it listens to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerConfig {
    /// A name that other layers may listen to; `layers.3` is another name of the fourth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it listens to, added up: names of layers, or `input`, the encoded samples. Empty, the layer before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<String>,
    /// What it is.
    #[serde(flatten)]
    pub kind: LayerKind,
}

/// What a layer is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LayerKind {
    /// `linear = 128`, with `bias = false` if none is wanted, and a `gain` if its outputs are large currents.
    Linear {
        /// Number of outputs.
        linear: Width,
        /// Whether there is a bias.
        bias: bool,
        /// What the outputs are multiplied by: the unit of the weights in that of the neurons' current.
        #[serde(skip_serializing_if = "is_one")]
        gain: f32,
        /// How long spikes take; the network's `delay` if not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        delay: Option<DelayConfig>,
    },
    /// `neuron = "plif"`, followed by the model's settings and parameters.
    Neuron {
        /// Name of the model.
        neuron: String,
        /// Connections from each neuron to all of the layer.
        #[serde(skip_serializing_if = "Option::is_none")]
        recurrent: Option<RecurrentConfig>,
        /// A current from a generator, added without delay.
        #[serde(skip_serializing_if = "Option::is_none")]
        inject: Option<Generator>,
        /// Its settings (`surrogate`, `reset`) and parameters (`tau_m`).
        #[serde(flatten)]
        settings: BTreeMap<String, serde_json::Value>,
    },
    /// `module = "layer_norm"`: a module between layers, the same at every step.
    Module {
        /// Which.
        module: ModuleConfig,
    },
}

impl LayerConfig {
    /// All-to-all connections to so many outputs, with a bias.
    #[must_use]
    pub fn linear(outputs: Width, gain: f32) -> Self {
        LayerKind::Linear { linear: outputs, bias: true, gain, delay: None }.into()
    }

    /// Neurons of a model.
    #[must_use]
    pub fn neurons(model: &str, settings: BTreeMap<String, serde_json::Value>) -> Self {
        LayerKind::Neuron { neuron: model.to_string(), recurrent: None, inject: None, settings }.into()
    }
}

impl From<LayerKind> for LayerConfig {
    fn from(kind: LayerKind) -> Self {
        LayerConfig { name: None, inputs: vec![], kind }
    }
}

/// How long spikes take along a connection: `delay = 2` steps, or a table for delays that may learn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DelayConfig {
    /// The same whole number of steps for all.
    Steps(usize),
    /// Between whole steps what arrives is interpolated, so that delays can learn:
    /// `{ value = 2.5, max = 8, learn = true, per = "input" }`.
    Between(BetweenSteps),
}

/// A delay that may lie between steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BetweenSteps {
    /// In steps, from 0 to `max`.
    pub value: f32,
    /// Longest delay in steps that it may learn.
    pub max: usize,
    /// Whether it learns.
    #[serde(default)]
    pub learn: bool,
    /// One for the connections (`layer`) or one for each input (`input`).
    #[serde(default)]
    pub per: DelayPer,
}

/// How many delays connections have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelayPer {
    /// One for all.
    #[default]
    Layer,
    /// One for each input: that of an axon.
    Input,
}

/// Connections from each neuron of a layer to all of it: `recurrent = true`, or a table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecurrentConfig {
    /// Whether they have a bias.
    pub bias: bool,
    /// As that of `linear` layers.
    pub gain: f32,
    /// In steps, at least 1.
    pub delay: usize,
}

impl Default for RecurrentConfig {
    fn default() -> Self {
        RecurrentConfig { bias: false, gain: 1.0, delay: 1 }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_one(gain: &f32) -> bool {
    *gain == 1.0
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
