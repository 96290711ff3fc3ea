//! Things in words.

use synfire::checkpoint::{Description, TaskKind};
use synfire_data::{Dataset, TargetKind};

/// A shape in words, `28 x 28`.
pub(crate) fn shape(shape: &[usize]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ")
}

/// Targets in words, `10 classes`.
pub(crate) fn targets(data: &Dataset) -> String {
    match data.train.target_kind() {
        TargetKind::Vector { len } => format!("targets of length {len}"),
        TargetKind::Class | TargetKind::ClassPerStep { .. } => format!("{} classes", data.classes),
    }
}

/// Outputs of a network in words, `10 classes`.
pub(crate) fn outputs(network: &Description) -> String {
    match network.task {
        Some(TaskKind::Regression) => format!("targets of length {}", network.outputs),
        Some(TaskKind::Classification) => format!("{} classes", network.outputs),
        None => format!("{} outputs", network.outputs),
    }
}

/// An encoder or decoder as configuration files name it.
pub(crate) fn coding(coding: &impl serde::Serialize) -> String {
    match serde_json::to_value(coding) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(mut settings)) => {
            let name = settings.remove("name").and_then(|name| name.as_str().map(String::from)).unwrap_or_default();
            format!("{name}, {}", self::settings(&settings))
        }
        _ => "made in Rust".to_string(),
    }
}

/// Settings as configuration files have them; those without a value by their name alone.
pub(crate) fn settings(settings: &serde_json::Map<String, serde_json::Value>) -> String {
    let setting = |(key, value): (&String, &serde_json::Value)| match value {
        serde_json::Value::Null => key.clone(),
        value => format!("{key} = {value}"),
    };
    settings.iter().map(setting).collect::<Vec<_>>().join(", ")
}
