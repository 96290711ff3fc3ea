//! Parts of a description, as an export reads them.

use crate::network::NetworkConfig;
use serde_json::{Map, Value};

/// The nodes of a layer: the first and the last of them, none of a layer that passes its inputs on.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
}

/// Layers that a layer listens to; `None` is the encoded samples.
pub(super) fn senders(config: &NetworkConfig, layer: usize) -> Vec<Option<usize>> {
    let inputs = &config.layers[layer].inputs;
    if inputs.is_empty() {
        return vec![layer.checked_sub(1)];
    }
    let find = |name: &String| {
        let named = config.layers.iter().position(|layer| layer.name.as_ref() == Some(name));
        named.or_else(|| name.strip_prefix("layers.").and_then(|index| index.parse().ok()))
    };
    inputs.iter().map(find).collect()
}

/// A size along each axis: a number, or a list.
pub(super) fn per_axis<const AXES: usize>(settings: &Map<String, Value>, key: &str, default: usize) -> [usize; AXES] {
    let size = |value: &Value| value.as_u64().map_or(default, |size| size as usize);
    match settings.get(key) {
        Some(Value::Array(sizes)) => std::array::from_fn(|axis| sizes.get(axis).map_or(default, size)),
        Some(value) => [size(value); AXES],
        None => [default; AXES],
    }
}

/// A number of a description.
pub(super) fn number(settings: &Map<String, Value>, key: &str, default: f64) -> f64 {
    settings.get(key).and_then(Value::as_f64).unwrap_or(default)
}

/// A word of a description.
pub(super) fn word<'a>(settings: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    settings.get(key).and_then(Value::as_str)
}
