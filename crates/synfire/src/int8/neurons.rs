//! Neurons in real numbers, as the arithmetic of a model has them.

use super::Reset;
use super::quantise::Stored;
use crate::neuron::registry;
use serde_json::{Map, Value};

/// Models that the arithmetic has.
const KNOWN: &str = "lif, plif, eulerlif, if, ifb, ifsoftreset";

/// Neurons in real numbers, for each of them or for each channel.
///
/// ```text
/// v[t] = leak V[t-1] + gain I[t] + constant
/// ```
pub(super) struct RealNeurons {
    pub(super) reset: Reset,
    pub(super) reset_delay: bool,
    pub(super) each: Vec<RealNeuron>,
}

/// Parameters of a neuron.
#[derive(Clone, Copy, Debug)]
pub(super) struct RealNeuron {
    pub(super) leak: f64,
    pub(super) gain: f64,
    pub(super) constant: f64,
    pub(super) threshold: f64,
    pub(super) v_reset: f64,
}

impl RealNeurons {
    /// Neurons that listen to a connection of so many channels.
    pub(super) fn of(
        settings: &Map<String, Value>,
        dt: f64,
        channels: usize,
        stored: Stored<'_>,
    ) -> Result<Self, String> {
        let name = settings.get("model").and_then(Value::as_str).unwrap_or_default();
        let entry = registry::find(name).map_err(|error| error.to_string())?;
        let model = entry.info.name;
        // settings of the model that are not given have their default
        let mut all: Map<String, Value> = entry.settings().into_iter().collect();
        all.extend(settings.clone());
        let is_set = |key: &str| all.get(key) == Some(&Value::Bool(true));
        if !matches!(all.get("recurrent"), None | Some(Value::Null | Value::Bool(false))) {
            return Err(
                "has connections to itself, which an int8 export does not have; train without `recurrent`".to_string()
            );
        }
        if is_set("spaic_compat") {
            return Err("has `spaic_compat`, which an int8 export does not have; train without it".to_string());
        }
        if stored.get("initial.v").is_some_and(|values| values.iter().any(|&v| v != 0.0)) {
            return Err("starts from an initial potential, and an int8 export starts from 0; train without `initial`"
                .to_string());
        }
        let reset = match (model, all.get("reset").and_then(Value::as_str)) {
            ("ifsoftreset", _) | (_, Some("soft" | "subtract")) => Reset::Soft,
            (_, Some("none")) => Reset::None,
            _ => Reset::Hard,
        };
        let names = ["tau_m", "v_leak", "v_th", "v_reset", "decay", "bias"];
        let length =
            names.iter().filter_map(|name| stored.get(name)).map(<[f32]>::len).max().unwrap_or(1).max(channels);
        let value =
            |name: &str, i: usize| stored.get(name).map_or(0.0, |values| f64::from(values[i * values.len() / length]));
        let each = (0..length).map(|i| {
            let (tau, threshold, v_reset) = (value("tau_m", i), value("v_th", i), value("v_reset", i));
            let neuron = RealNeuron { leak: 1.0, gain: 1.0, constant: 0.0, threshold, v_reset };
            Ok(match model {
                "lif" => RealNeuron { leak: (-dt / tau).exp(), ..neuron },
                "plif" => RealNeuron { leak: 1.0 - 1.0 / tau, gain: 1.0 / tau, ..neuron },
                "eulerlif" if tau < dt => {
                    return Err(format!(
                        "has a `tau_m` of {tau} ms, shorter than a step of {dt} ms: its potential changes its sign in a step, \
                         which an int8 export does not have; make the step shorter"
                    ));
                }
                "eulerlif" => RealNeuron { leak: 1.0 - dt / tau, constant: dt / tau * value("v_leak", i), ..neuron },
                "if" | "ifsoftreset" => RealNeuron { constant: -value("decay", i), ..neuron },
                "ifb" => RealNeuron { constant: value("bias", i), v_reset: 0.0, ..neuron },
                other => return Err(format!("has `{other}` neurons; an int8 export has {KNOWN}")),
            })
        });
        Ok(RealNeurons { reset, reset_delay: is_set("reset_delay"), each: each.collect::<Result<_, String>>()? })
    }
}
