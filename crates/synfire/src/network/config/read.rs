//! Reading a layer's description. By hand: an untagged enum would answer every mistake with "did not match any
//! variant".

use super::{LayerConfig, LayerKind, RecurrentConfig};
use crate::network::ModuleConfig;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// The keys of a layer, taken out one by one.
struct Keys(BTreeMap<String, Value>);

impl Keys {
    /// What stands under `key`; `expected` is what it should be.
    fn take<T: DeserializeOwned, E: Error>(&mut self, key: &str, expected: &str) -> Result<Option<T>, E> {
        let Some(value) = self.0.remove(key) else { return Ok(None) };
        let read = serde_json::from_value(value.clone());
        read.map(Some).map_err(|_| E::custom(format!("`{key} = {value}`: expected {expected}")))
    }
}

const DELAY: &str = "a whole number of steps, or a table { value = 2.5, max = 8, learn = true, per = \"input\" } with \
    `per` one of \"layer\", \"input\"";

impl<'de> Deserialize<'de> for LayerConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut keys = Keys(BTreeMap::deserialize(deserializer)?);
        let name = keys.take("name", "a name")?;
        let inputs = match keys.take("input", "the name of a layer, or \"input\"")? {
            Some(one) => vec![one],
            None => keys.take("inputs", "a list of names of layers, or \"input\"")?.unwrap_or_default(),
        };
        let given: Vec<&str> = ["linear", "neuron", "module"].into_iter().filter(|k| keys.0.contains_key(*k)).collect();
        let kind = match given[..] {
            ["linear"] => linear(keys)?,
            ["neuron"] => neuron(keys)?,
            ["module"] => module(keys)?,
            [one, other, ..] => {
                return Err(D::Error::custom(format!("a layer is either `{one}` or `{other}`, not both")));
            }
            _ => {
                let problem = "a layer needs `linear = 128` (connections), `neuron = \"lif\"` (neurons) or \
                    `module = \"layer_norm\"`";
                return Err(D::Error::custom(problem));
            }
        };
        Ok(LayerConfig { name, inputs, kind })
    }
}

fn linear<E: Error>(mut keys: Keys) -> Result<LayerKind, E> {
    let outputs = keys.take("linear", "the number of outputs, or \"classes\"")?;
    let bias = keys.take("bias", "true or false")?.unwrap_or(true);
    let gain = keys.0.remove("gain").map_or(Ok(1.0), |gain| match gain.as_f64().map(|gain| gain as f32) {
        Some(gain) if gain > 0.0 && gain.is_finite() => Ok(gain),
        _ => Err(E::custom(format!("`gain = {gain}`: expected a number above 0"))),
    })?;
    let delay = keys.take("delay", DELAY)?;
    match (outputs, keys.0.keys().next()) {
        (_, Some(key)) => Err(E::custom(format!(
            "a linear layer has no key `{key}`; it has `linear`, `bias`, `gain`, `delay`, `name` and `inputs`"
        ))),
        (Some(linear), None) => Ok(LayerKind::Linear { linear, bias, gain, delay }),
        (None, None) => Err(E::missing_field("linear")),
    }
}

fn module<E: Error>(mut keys: Keys) -> Result<LayerKind, E> {
    // what is wrong inside a module says so itself
    let module = keys.0.remove("module").map(serde_json::from_value).transpose();
    let module = module.map_err(|error| E::custom(format!("`module`: {error}")))?;
    match (module, keys.0.keys().next()) {
        (_, Some(key)) => Err(E::custom(format!("a module has no key `{key}`; it has `module`, `name` and `inputs`"))),
        (Some(module), None) => Ok(LayerKind::Module { module: ModuleConfig::Named(module) }),
        (None, None) => Err(E::missing_field("module")),
    }
}

fn neuron<E: Error>(mut keys: Keys) -> Result<LayerKind, E> {
    let Some(neuron) = keys.take("neuron", "the name of a model")? else { return Err(E::missing_field("neuron")) };
    let recurrent = match keys.0.remove("recurrent") {
        None | Some(Value::Bool(false)) => None,
        Some(Value::Bool(true)) => Some(RecurrentConfig::default()),
        Some(table) => {
            keys.0.insert("recurrent".to_string(), table);
            keys.take("recurrent", "true, or a table { delay = 1, bias = false, gain = 1.0 }")?
        }
    };
    // what is wrong inside a generator says so itself
    let inject = keys.0.remove("inject").map(serde_json::from_value).transpose();
    let inject = inject.map_err(|error| E::custom(format!("`inject`: {error}")))?;
    Ok(LayerKind::Neuron { neuron, recurrent, inject, settings: keys.0 })
}
