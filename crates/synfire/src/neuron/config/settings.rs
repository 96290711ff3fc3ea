//! A layer of neurons as a configuration file writes it: settings, parameters and initial states side by side.

use super::{NeuronConfig, ParameterConfig};
use crate::Error;
use crate::neuron::{ModelInfo, Neuron, model};
use crate::registry::finite;
use burn::config::{Config, config_to_json};
use core::fmt;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;
use std::collections::BTreeMap;
use synfire_dynamics::FieldInfo;

/// Settings, parameters and initial states of a layer, as in a configuration file.
pub type Settings = BTreeMap<String, Value>;

/// Settings of a model that has been serialised.
pub(in crate::neuron) fn written(model: serde_json::Result<Value>) -> Settings {
    match model {
        Ok(Value::Object(settings)) => settings.into_iter().collect(),
        _ => Settings::new(),
    }
}

impl<D: Neuron> NeuronConfig<D> {
    /// Reads settings, parameters and initial states. `layer` says in messages where they stand.
    pub(in crate::neuron) fn from_settings(layer: &str, settings: &Settings, dt: f32) -> Result<Self, Error> {
        let mut config = NeuronConfig { dt, ..Self::new() };
        let model = written(serde_json::to_value(config.model));
        let mut set = |settings: &Settings| model::read::<D>(settings).map(|model| config.model = model);
        config.parameters = Reading { layer, info: ModelInfo::of::<D>() }.all(settings, model, &mut set)?;
        Ok(config)
    }
}

fn has(infos: &[FieldInfo], name: &str) -> bool {
    infos.iter().any(|info| info.name == name)
}

/// Reads a layer of a model.
struct Reading<'a> {
    layer: &'a str,
    info: ModelInfo,
}

impl Reading<'_> {
    /// The layer with the name of its model, for messages.
    fn place(&self) -> String {
        let name = format!("`{}`", self.info.name);
        if self.layer == name { name } else { format!("{} ({name})", self.layer) }
    }

    /// Parameters and initial states among `settings`. The others replace those of `model`, which goes to `set`.
    fn all(
        &self,
        settings: &Settings,
        mut model: Settings,
        set: &mut dyn FnMut(&Settings) -> Result<(), String>,
    ) -> Result<BTreeMap<String, ParameterConfig>, Error> {
        let mut parameters = BTreeMap::new();
        for (key, value) in settings {
            if has(self.info.parameters, key) {
                parameters.insert(key.clone(), self.parameter(key.clone(), value)?);
            } else if key == "initial" {
                parameters.extend(self.initial(value)?);
            } else if model.contains_key(key) {
                model.insert(key.clone(), value.clone());
                set(&model).map_err(|error| self.refuse(key, format!("is {value}: {error}")))?;
            } else {
                return Err(self.unknown(key, &model));
            }
        }
        Ok(parameters)
    }

    fn refuse(&self, key: impl Into<String>, problem: String) -> Error {
        Error::Setting { layer: self.layer.to_string(), key: key.into(), problem }
    }

    fn parameter(&self, name: String, value: &Value) -> Result<ParameterConfig, Error> {
        ParameterConfig::read(value).map_err(|problem| self.refuse(name, problem))
    }

    /// The table under `initial`, by names such as `initial.v`.
    fn initial(&self, table: &Value) -> Result<Vec<(String, ParameterConfig)>, Error> {
        let states = self.info.states;
        let example = "{ v = { value = 0.0, learn = true } }";
        let Some(table) = table.as_object() else {
            return Err(self.refuse("initial", format!("is {table}; expected a table by state, {example}")));
        };
        let read = |(state, value): (&String, &Value)| {
            if !has(states, state) {
                let known = states.iter().map(|info| info.name.to_string());
                return Err(Error::unknown("state", state, &format!("`initial` of {}", self.place()), known));
            }
            let name = format!("initial.{state}");
            Ok((name.clone(), self.parameter(name, value)?))
        };
        table.iter().map(read).collect()
    }

    fn unknown(&self, key: &str, model: &Settings) -> Error {
        let parameters = self.info.parameters.iter().map(|info| info.name.to_string());
        let known = parameters.chain(model.keys().cloned()).chain(["initial".to_string()]);
        Error::unknown("setting", key, &self.place(), known)
    }
}

/// As a layer of neurons in a configuration file, `neuron = "lif"` included; `dt` only where it is not 1 ms.
impl<D: Neuron> Serialize for NeuronConfig<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut layer = serializer.serialize_map(None)?;
        layer.serialize_entry("neuron", D::NAME)?;
        for (name, setting) in written(serde_json::to_value(self.model)) {
            layer.serialize_entry(&name, &setting)?;
        }
        let mut initial = BTreeMap::new();
        for (name, parameter) in &self.parameters {
            match name.strip_prefix("initial.") {
                Some(state) => _ = initial.insert(state, parameter),
                None => layer.serialize_entry(name, parameter)?,
            }
        }
        if !initial.is_empty() {
            layer.serialize_entry("initial", &initial)?;
        }
        if self.dt != 1.0 {
            layer.serialize_entry("dt", &self.dt)?;
        }
        layer.end()
    }
}

impl<'de, D: Neuron> Deserialize<'de> for NeuronConfig<D> {
    fn deserialize<S: Deserializer<'de>>(deserializer: S) -> Result<Self, S::Error> {
        let (settings, dt) = own(finite(deserializer)?, &ModelInfo::of::<D>()).map_err(de::Error::custom)?;
        Self::from_settings(&format!("`{}`", D::NAME), &settings, dt).map_err(de::Error::custom)
    }
}

/// Settings and time step of a table that is a configuration of this model.
fn own(table: Value, info: &ModelInfo) -> Result<(Settings, f32), String> {
    let Value::Object(settings) = table else {
        return Err("expected a table of settings and parameters".to_string());
    };
    let mut settings: Settings = settings.into_iter().collect();
    let is_its_own = |name: &str| info.names().any(|known| name.eq_ignore_ascii_case(known));
    if let Some(neuron) = settings.remove("neuron").filter(|neuron| !neuron.as_str().is_some_and(is_its_own)) {
        return Err(format!("`neuron` is {neuron}; expected \"{}\"", info.name));
    }
    let dt = match settings.remove("dt") {
        Some(dt) => f32::deserialize(&dt).map_err(|_| format!("`dt` is {dt}; expected a time step in ms"))?,
        None => 1.0,
    };
    Ok((settings, dt))
}

impl<D: Neuron> Config for NeuronConfig<D> {}

impl<D: Neuron> fmt::Display for NeuronConfig<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&config_to_json(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neuron::{IfConfig, Lif, LifConfig, Reset};

    #[test]
    fn a_configuration_is_read_as_it_was_written() {
        let config = LifConfig::new()
            .with("tau_m", ParameterConfig::learnable(2.1).per_channel().within(1.5, 50.0))
            .with("initial.v", [0.25, 0.5])
            .with_model(Lif { reset: Reset::Soft, ..Lif::default() })
            .with_dt(0.1);
        let json = config.to_string();
        assert!(json.contains("\"neuron\": \"lif\"") && json.contains("\"value\": 2.1"), "{json}");
        assert_eq!(serde_json::from_str::<LifConfig>(&json).unwrap(), config);
        // a layer of a network file is the same thing
        let layer = "tau_m = 2.1\nreset = \"subtract\"\ninitial = { v = 0.5 }";
        let read: LifConfig = toml::from_str(layer).unwrap();
        assert_eq!(read.model.reset, Reset::Soft);
        assert_eq!(read, LifConfig { model: read.model, ..LifConfig::new() }.with("tau_m", 2.1).with("initial.v", 0.5));
        assert!(!LifConfig::new().to_string().contains("dt"));
    }

    #[test]
    fn what_does_not_belong_to_the_model_is_refused() {
        for (json, words) in [
            (LifConfig::new().to_string(), &["`neuron` is \"lif\"", "expected \"if\""][..]),
            (r#"{"tau_m": 2.0}"#.to_string(), &["unknown setting `tau_m` in `if`", "v_th"]),
            (r#"{"v_th": true}"#.to_string(), &["`if`: `v_th` is true", "expected a number"]),
            (r#"{"dt": "slow"}"#.to_string(), &["`dt` is \"slow\"", "ms"]),
        ] {
            let error = serde_json::from_str::<IfConfig>(&json).unwrap_err().to_string();
            assert!(words.iter().all(|word| error.contains(word)), "{json}: {error}");
        }
    }
}
