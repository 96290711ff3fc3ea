//! What leads where: the words of a layer's description that make a stack a graph.

use super::DelayConfig;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A layer's name, and the layers that it gets its input from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Wiring {
    /// `name = "hidden"`: what other layers call it; without one it is `layers.3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `inputs = ["input", "hidden"]`: what is summed to its input; without it, the layer before. `input` is
    /// the encoded sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Vec<String>>,
}

/// Connections of neurons with themselves, all-to-all: `recurrent = true`, or a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecurrentConfig {
    /// In steps, at least 1.
    pub delay: usize,
    /// Whether there is a bias.
    pub bias: bool,
    /// What their output is multiplied by, as for other connections.
    pub gain: f32,
}

impl Default for RecurrentConfig {
    fn default() -> Self {
        RecurrentConfig { delay: 1, bias: false, gain: 1.0 }
    }
}

/// The words of a layer's description, taken out one by one.
pub(super) struct Words(pub(super) std::collections::BTreeMap<String, Value>);

impl Words {
    /// The value of a word, if it is there; `expected` says what it should be.
    pub(super) fn take<T>(&mut self, key: &str, expected: &str) -> Result<Option<T>, String>
    where
        T: for<'de> Deserialize<'de>,
    {
        let Some(value) = self.0.remove(key) else { return Ok(None) };
        match serde_json::from_value(value.clone()) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(format!("`{key} = {value}`: expected {expected}")),
        }
    }

    pub(super) fn wiring(&mut self) -> Result<Wiring, String> {
        let name = self.take("name", "a name for the layer")?;
        let one = self.take::<String>("input", "the name of a layer, or \"input\"")?;
        let inputs: Option<Vec<String>> = self.take("inputs", "a list of names of layers")?;
        match (one, inputs) {
            (Some(_), Some(_)) => Err("has `input` and `inputs`; keep one of them".to_string()),
            (one, inputs) => Ok(Wiring { name, inputs: one.map(|one| vec![one]).or(inputs) }),
        }
    }

    pub(super) fn delay(&mut self) -> Result<Option<DelayConfig>, String> {
        match self.0.get("delay") {
            Some(Value::Object(_)) => {
                let value = self.0.remove("delay").unwrap_or_default();
                let times = serde_json::from_value(value).map_err(|error| format!("`delay`: {error}"))?;
                Ok(Some(DelayConfig::Times(times)))
            }
            _ => {
                let expected = "a whole number of steps, or a table with `value` in ms";
                Ok(self.take("delay", expected)?.map(DelayConfig::Steps))
            }
        }
    }

    pub(super) fn recurrent(&mut self) -> Result<Option<RecurrentConfig>, String> {
        match self.0.remove("recurrent") {
            None | Some(Value::Bool(false)) => Ok(None),
            Some(Value::Bool(true)) => Ok(Some(RecurrentConfig::default())),
            Some(table @ Value::Object(_)) => {
                serde_json::from_value(table).map(Some).map_err(|error| format!("`recurrent`: {error}"))
            }
            Some(other) => Err(format!("`recurrent = {other}`: expected true, or a table with `delay` in steps")),
        }
    }

    /// One of a thing, or a list of them.
    pub(super) fn several<T>(&mut self, key: &str) -> Result<Vec<T>, String>
    where
        T: for<'de> Deserialize<'de>,
    {
        let Some(value) = self.0.remove(key) else { return Ok(vec![]) };
        let read = |value| serde_json::from_value(value).map_err(|error| format!("`{key}`: {error}"));
        match value {
            Value::Array(values) => values.into_iter().map(read).collect(),
            one => Ok(vec![read(one)?]),
        }
    }

    /// Refuses words that are left.
    pub(super) fn end(&self, what: &str, known: &str) -> Result<(), String> {
        match self.0.keys().next() {
            Some(key) => Err(format!("a {what} has no key `{key}`; it has {known}")),
            None => Ok(()),
        }
    }
}
