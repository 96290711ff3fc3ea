//! `--set KEY=VALUE`: any key of the configuration.

use anyhow::{Context, bail};
use serde_json::{Map, Value};
use synfire::train::TrainConfig;

/// The configuration with these keys set.
pub(crate) fn apply(config: TrainConfig, settings: &[String]) -> anyhow::Result<TrainConfig> {
    let mut config = config;
    for setting in settings {
        config = one(&config, setting).map_err(|error| anyhow::anyhow!("--set {setting}: {error}"))?;
    }
    Ok(config)
}

fn one(config: &TrainConfig, setting: &str) -> anyhow::Result<TrainConfig> {
    let Some((key, value)) = setting.split_once('=') else {
        bail!("expected KEY=VALUE, such as network.layers.1.tau_m.value=4");
    };
    // by way of text, where 0.05 in single precision is 0.05
    let mut tree: Value = serde_json::from_str(&serde_json::to_string(config)?)?;
    put(&mut tree, key.trim(), parsed(value.trim())?)?;
    serde_json::from_value(tree).map_err(|error| anyhow::anyhow!(synfire::registry::plain(&error.to_string())))
}

/// A value as TOML writes it; a word needs no quotes.
fn parsed(text: &str) -> anyhow::Result<Value> {
    let Ok(mut table) = toml::from_str::<toml::Table>(&format!("value = {text}")) else {
        return Ok(Value::String(text.to_string()));
    };
    let value = table.remove("value").context("expected a value")?;
    if value.as_float().is_some_and(|value| !value.is_finite()) {
        bail!("`{text}` is not a finite number");
    }
    Ok(serde_json::to_value(value)?)
}

/// Puts a value where the path leads to, `network.layers.1.tau_m.value`. Tables that are not there are made; a value
/// that stands for a table, `tau_m = 2.0`, becomes `{ value = 2.0 }`, and a name `{ name = ".." }`.
fn put(tree: &mut Value, path: &str, value: Value) -> anyhow::Result<()> {
    let mut at = tree;
    let mut done = String::new();
    for key in path.split('.') {
        let here = if done.is_empty() { "the configuration".to_string() } else { format!("`{done}`") };
        if key.is_empty() {
            bail!("`{path}` has an empty part; expected keys joined by dots, such as training.epochs");
        }
        if let Value::Array(list) = at {
            let count = list.len();
            let Some(item) = key.parse().ok().and_then(|index: usize| list.get_mut(index)) else {
                bail!("{here} has no `{key}`; it is a list of {count}, expected 0 to {}", count.saturating_sub(1));
            };
            at = item;
        } else {
            let name = match at.take() {
                Value::Object(table) => table,
                Value::Null => Map::new(),
                name @ Value::String(_) => Map::from_iter([("name".to_string(), name)]),
                other => Map::from_iter([("value".to_string(), other)]),
            };
            *at = Value::Object(name);
            let Value::Object(table) = at else { bail!("{here} is no table") };
            at = table.entry(key).or_insert(Value::Null);
        }
        done = if done.is_empty() { key.to_string() } else { format!("{done}.{key}") };
    }
    *at = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::apply;
    use serde_json::json;
    use synfire::train::{Optimizer, Schedule, TrainConfig};

    fn set(settings: &[&str]) -> anyhow::Result<TrainConfig> {
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        apply(TrainConfig::standard(), &settings)
    }

    #[test]
    fn every_key_can_be_set() {
        let config = set(&[
            "training.epochs=3",
            "training.optimizer=sgd",
            "training.optimizer.momentum=0.9",
            "training.schedule={ name = \"step\", every = 2, factor = 0.5 }",
            "training.freeze=[\"layers.0.*\"]",
            "network.encoder.name=poisson",
            "network.encoder.unit_conversion=0.5",
            "network.layers.1.tau_m.value=4",
            "network.layers.1.tau_m.per=neuron",
            "network.layers.0.linear=20",
        ])
        .unwrap();
        assert_eq!((config.training.epochs, config.training.freeze.len()), (3, 1));
        assert_eq!(config.training.optimizer, Optimizer::Sgd { momentum: 0.9 });
        assert_eq!(config.training.schedule, Schedule::Step { every: 2, factor: 0.5 });
        assert_eq!(config.network.encoder.settings()["unit_conversion"], 0.5);
        let neurons = config.network.layers[1].kind.settings();
        assert_eq!(neurons["tau_m"], json!({ "value": 4, "per": "neuron" }));
        assert_eq!(set(&[]).unwrap(), TrainConfig::standard());
    }

    #[test]
    fn wrong_keys_and_values_are_named() {
        for (setting, words) in [
            ("training.epochs", "expected KEY=VALUE"),
            ("training.epoch=3", "unknown field `epoch`"),
            ("training.epochs=many", "\"many\", expected a whole number"),
            ("network.layers.9.v_th=1", "`network.layers` has no `9`; it is a list of 4, expected 0 to 3"),
            ("network..dt=1", "empty part"),
            ("network.dt=inf", "not a finite number"),
        ] {
            let error = set(&[setting]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("--set {setting}: ")) && error.contains(words), "{error}");
        }
    }
}
