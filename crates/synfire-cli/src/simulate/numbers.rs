//! `--param` and `--set`, as a configuration file would say them.

use anyhow::{anyhow, bail};
use serde_json::{Value, json};
use synfire::neuron::Settings;

pub(super) fn settings(params: &[String], sets: &[String]) -> anyhow::Result<Settings> {
    let mut all = Settings::new();
    let mut initial = serde_json::Map::new();
    for text in params {
        let (name, value) = split("--param", text)?;
        let number: f32 = value.parse().map_err(|_| anyhow!("--param {text}: `{value}` is not a number"))?;
        if !number.is_finite() {
            bail!("--param {text}: expected a finite number");
        }
        let given_twice = match name.strip_prefix("initial.") {
            Some(state) => initial.insert(state.to_string(), json!(number)),
            None => all.insert(name.to_string(), json!(number)),
        };
        if given_twice.is_some() {
            bail!("--param {text}: `{name}` is given twice; leave one out");
        }
    }
    if !initial.is_empty() {
        all.insert("initial".to_string(), initial.into());
    }
    for text in sets {
        let (name, value) = split("--set", text)?;
        // `true` and `3` are what they are in a file; anything else is a word
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        if all.insert(name.to_string(), value).is_some() {
            bail!("--set {text}: `{name}` is given twice; leave one out");
        }
    }
    Ok(all)
}

pub(super) fn split<'a>(option: &str, text: &'a str) -> anyhow::Result<(&'a str, &'a str)> {
    match text.split_once('=').map(|(name, value)| (name.trim(), value.trim())) {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name, value)),
        _ => bail!(
            "{option} {text}: expected NAME=VALUE, for example `{option} {}`",
            match option {
                "--set" => "reset=subtract",
                "--input" => "reward=1",
                _ => "tau_m=20",
            }
        ),
    }
}
