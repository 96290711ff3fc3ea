//! Layers as files write them: `conv2d = 12, kernel = 5`, the key that names a kind picks it.

use super::LayerConfig;
use super::delay::EXPECTED as DELAY;
use crate::network::layer::LayerKind;
use crate::registry::{Component, finite};
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The keys of a layer, taken out one by one.
struct Keys(Map<String, Value>);

impl Keys {
    /// The value under `key`; `expected` says what it should be.
    fn take<T: DeserializeOwned>(&mut self, key: &str, expected: &str) -> Result<Option<T>, String> {
        let Some(value) = self.0.remove(key) else { return Ok(None) };
        let read = serde_json::from_value(value.clone());
        read.map(Some).map_err(|_| format!("`{key} = {value}`: expected {expected}"))
    }

    fn inputs(&mut self) -> Result<Vec<String>, String> {
        match self.take("input", "the name of a layer, or \"input\"")? {
            Some(one) => Ok(vec![one]),
            None => Ok(self.take("inputs", "a list of names of layers, or \"input\"")?.unwrap_or_default()),
        }
    }

    fn layer(mut self) -> Result<LayerConfig, String> {
        let (name, inputs) = (self.take("name", "a name")?, self.inputs()?);
        let join = self.take("join", "\"add\", \"and\", \"iand\" or \"concat\"")?.unwrap_or_default();
        let delay = self.take("delay", DELAY)?;
        // what is wrong inside a generator says so itself
        let inject = self.0.remove("inject").map(serde_json::from_value).transpose();
        let inject = inject.map_err(|error| format!("`inject`: {error}"))?;
        Ok(LayerConfig { name, inputs, join, delay, inject, kind: self.kind()? })
    }

    /// The kind with its settings; `module = "layer_norm"` or a table with its `name` is a spelling for any kind.
    fn kind(mut self) -> Result<Component<dyn LayerKind>, String> {
        match self.0.remove("module") {
            Some(Value::String(name)) => drop(self.0.insert(name, Value::Bool(true))),
            Some(Value::Object(mut settings)) => match settings.remove("name") {
                Some(Value::String(name)) => drop(self.0.insert(name, Value::Object(settings))),
                _ => return Err("`module`: a layer needs a `name = \"..\"`".to_string()),
            },
            Some(other) => {
                return Err(format!(
                    "`module = {other}`: expected the name of a kind of layer, or a table with its `name`"
                ));
            }
            None => {}
        }
        Component::from_keys(self.0)
    }
}

impl<'de> Deserialize<'de> for LayerConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match finite(deserializer)? {
            Value::Object(keys) => Keys(keys).layer().map_err(D::Error::custom),
            other => Err(D::Error::custom(format!("{other}: expected a table that describes a layer"))),
        }
    }
}

impl Serialize for LayerConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let keys = self.kind.to_keys().map_err(S::Error::custom)?;
        let (tables, values): (Vec<_>, Vec<_>) = keys.into_iter().partition(|(_, value)| value.is_object());
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &values {
            map.serialize_entry(key, value)?;
        }
        if let Some(name) = &self.name {
            map.serialize_entry("name", name)?;
        }
        if !self.inputs.is_empty() {
            map.serialize_entry("inputs", &self.inputs)?;
        }
        if !self.join.is_add() {
            map.serialize_entry("join", &self.join)?;
        }
        // TOML wants tables last
        for (key, value) in &tables {
            map.serialize_entry(key, value)?;
        }
        if let Some(delay) = &self.delay {
            map.serialize_entry("delay", delay)?;
        }
        if let Some(inject) = &self.inject {
            map.serialize_entry("inject", inject)?;
        }
        map.end()
    }
}
