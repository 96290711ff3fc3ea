//! Sharing of a parameter among the neurons of a layer.

use serde::{Deserialize, Serialize};

/// Which neurons of a layer share a value of a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// All of them: one value, `[1]`.
    #[default]
    Layer,
    /// Those of a channel, the first axis of a sample: `[C]` values.
    Channel,
    /// None: each neuron has a value of its own, `[N]`.
    Neuron,
}

impl Per {
    /// Number of values of a parameter in a layer of this shape.
    #[must_use]
    pub fn count(self, shape: &[usize]) -> usize {
        match self {
            Per::Layer => 1,
            Per::Channel => shape.first().copied().unwrap_or(1),
            Per::Neuron => shape.iter().product(),
        }
    }

    /// `neurons`, for messages.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Per::Layer => "values for the layer",
            Per::Channel => "channels",
            Per::Neuron => "neurons",
        }
    }
}
