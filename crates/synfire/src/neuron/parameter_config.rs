//! What a configuration says of one number of a layer.

use serde::{Deserialize, Serialize};

/// How many numbers a parameter has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// One for the layer.
    #[default]
    Layer,
    /// One per channel, the first axis of a sample.
    Channel,
    /// One per neuron.
    Neuron,
}

impl Per {
    pub(super) fn count(self, shape: &[usize]) -> usize {
        match self {
            Per::Layer => 1,
            Per::Channel => shape.first().copied().unwrap_or(1),
            Per::Neuron => shape.iter().product(),
        }
    }

    /// `neurons`, for messages.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Per::Layer => "number for the layer",
            Per::Channel => "channels",
            Per::Neuron => "neurons",
        }
    }
}

/// One parameter of a layer, or the initial value of one of its states: the value, whether it learns, how
/// many numbers it has, and what they may become.
///
/// In TOML a number (`tau_m = 20.0`), a list with a number per neuron (`tau_m = [3.0, 6.0, 12.0]`) or a
/// table (`tau_m = { value = 20.0, learn = true, per = "neuron", range = [2.0, 50.0] }`).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ParameterConfig {
    /// Initial value; `None` is the model's default.
    pub value: Option<f32>,
    /// Whether it learns; `None` is the model's default.
    pub learn: Option<bool>,
    /// One number, or one per channel or neuron.
    pub per: Per,
    /// Smallest and largest value that it may have, and learn; see [`Parameter`](super::Parameter).
    pub range: Option<[f32; 2]>,
}

impl ParameterConfig {
    /// A number that does not learn.
    #[must_use]
    pub fn fixed(value: f32) -> Self {
        ParameterConfig { value: Some(value), learn: Some(false), ..Self::default() }
    }

    /// A number that learns, from `value` on.
    #[must_use]
    pub fn learnable(value: f32) -> Self {
        ParameterConfig { value: Some(value), learn: Some(true), ..Self::default() }
    }

    /// One number per neuron.
    #[must_use]
    pub fn per_neuron(self) -> Self {
        ParameterConfig { per: Per::Neuron, ..self }
    }

    /// One number per channel.
    #[must_use]
    pub fn per_channel(self) -> Self {
        ParameterConfig { per: Per::Channel, ..self }
    }

    /// Never below `low` nor above `high`, however long it learns.
    #[must_use]
    pub fn within(self, low: f32, high: f32) -> Self {
        ParameterConfig { range: Some([low, high]), ..self }
    }
}
