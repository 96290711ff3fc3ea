//! Configuration of one parameter of a layer.

use super::Per;
use serde::{Deserialize, Serialize};

/// Value of a parameter, or a list of values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    /// The same for all neurons.
    One(f32),
    /// One per neuron, or per channel where the parameter is [`per_channel`](ParameterConfig::per_channel).
    Each(Vec<f32>),
}

impl From<f32> for ParameterValue {
    fn from(value: f32) -> Self {
        ParameterValue::One(value)
    }
}

impl From<Vec<f32>> for ParameterValue {
    fn from(values: Vec<f32>) -> Self {
        ParameterValue::Each(values)
    }
}

impl<const N: usize> From<[f32; N]> for ParameterValue {
    fn from(values: [f32; N]) -> Self {
        ParameterValue::Each(values.to_vec())
    }
}

/// Configuration of a parameter of a layer, or of the initial value of a state. What is left out is the
/// model's default.
///
/// | in Rust | in a configuration file |
/// |---|---|
/// | `2.0` | `tau_m = 2.0` |
/// | `[3.0, 6.0, 12.0]` | `tau_m = [3.0, 6.0, 12.0]` |
/// | `ParameterConfig::fixed(2.0)` | `tau_m = { value = 2.0, learn = false }` |
/// | `ParameterConfig::learnable(2.0).per_channel()` | `tau_m = { value = 2.0, learn = true, per = "channel" }` |
/// | `ParameterConfig::new().learn().within(1.5, 50.0)` | `tau_m = { learn = true, range = [1.5, 50.0] }` |
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParameterConfig {
    /// Initial value, in the unit of the parameter.
    pub value: Option<ParameterValue>,
    /// Whether it is learnable.
    pub learn: Option<bool>,
    /// Which neurons share a value; `None` is one value for the layer, or one per neuron if `value` is a list.
    pub per: Option<Per>,
    /// Smallest and largest value that it may be given or learn, both finite.
    pub range: Option<[f32; 2]>,
}

impl<V: Into<ParameterValue>> From<V> for ParameterConfig {
    fn from(value: V) -> Self {
        ParameterConfig { value: Some(value.into()), ..Self::default() }
    }
}

impl ParameterConfig {
    /// The model's defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A value, or list of values, that is not learnt.
    #[must_use]
    pub fn fixed(value: impl Into<ParameterValue>) -> Self {
        ParameterConfig { learn: Some(false), ..Self::from(value) }
    }

    /// A value, or list of values, from which learning starts.
    #[must_use]
    pub fn learnable(value: impl Into<ParameterValue>) -> Self {
        Self::from(value).learn()
    }

    /// Makes it learnable.
    #[must_use]
    pub fn learn(self) -> Self {
        ParameterConfig { learn: Some(true), ..self }
    }

    /// Gives each neuron a value of its own, `[N]` in all.
    #[must_use]
    pub fn per_neuron(self) -> Self {
        ParameterConfig { per: Some(Per::Neuron), ..self }
    }

    /// Gives each channel (first axis of a sample) a value of its own, `[C]` in all.
    #[must_use]
    pub fn per_channel(self) -> Self {
        ParameterConfig { per: Some(Per::Channel), ..self }
    }

    /// Keeps every value between `low` and `high` (inclusive), however long it learns and whatever loop
    /// trains it.
    #[must_use]
    pub fn within(self, low: f32, high: f32) -> Self {
        ParameterConfig { range: Some([low, high]), ..self }
    }

    /// Number of values in a layer of this shape.
    pub(super) fn count(&self, shape: &[usize]) -> usize {
        self.sharing().count(shape)
    }

    /// Which neurons share a value.
    pub(super) fn sharing(&self) -> Per {
        match (self.per, &self.value) {
            // a list for the whole layer would be of one value
            (Some(Per::Layer) | None, Some(ParameterValue::Each(_))) => Per::Neuron,
            (per, _) => per.unwrap_or_default(),
        }
    }
}
