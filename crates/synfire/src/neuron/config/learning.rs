//! Parameters that may learn: those that a gradient reaches.

use super::settings;
use crate::neuron::{Neuron, Reset};
use crate::surrogate::Surrogate;
use serde_json::{Value, json};
use synfire_dynamics::{FieldInfo, Fields, Reached, reached};

/// Parameters and states that have a gradient from the output, or from a state that decoders read: the potential and the
/// times of spikes.
pub(super) fn reach<D: Neuron>(model: &D) -> Reached {
    let states = <D::State<f32> as Fields<f32>>::INFO;
    if !D::DIFFERENTIABLE {
        // clamps of integers let through what is no gradient of the model
        return Reached {
            params: vec![false; <D::Params<f32> as Fields<f32>>::LEN],
            states: vec![false; states.len()],
        };
    }
    let read = |state: &FieldInfo| state.name == "v" || Some(state.name) == D::SPIKE_TIME;
    let traces: Vec<usize> = (0..states.len()).filter(|k| read(&states[*k])).collect();
    reached(model, &traces)
}

/// Why a parameter that should learn cannot, and what would let it; `at` finds it among what is reached.
pub(super) fn problem<D: Neuron>(model: &D, at: impl Fn(&Reached) -> bool) -> String {
    let settings = settings::written(model);
    let mut cures = vec![];
    for (key, now) in &settings {
        let changed = alternatives(key, now).into_iter().filter(|value| {
            let mut settings = settings.clone();
            settings.insert(key.clone(), value.clone());
            let model = serde_json::from_value::<D>(Value::Object(settings.into_iter().collect()));
            model.is_ok_and(|model| at(&reach(&model)))
        });
        let values: Vec<String> = changed.map(|value| value.to_string()).collect();
        if !values.is_empty() {
            cures.push(format!("set `{key}` to {}", values.join(" or ")));
        }
    }
    let with: Vec<String> = settings.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
    cures.push("leave `learn` out".to_string());
    format!("is to learn, but no gradient reaches it{with}; {}", cures.join(", or "))
}

/// Other values of a setting that decides where gradients flow.
fn alternatives(key: &str, now: &Value) -> Vec<Value> {
    let all = match (key, now) {
        ("surrogate", _) => Surrogate::ALL.map(|surrogate| json!(surrogate)).to_vec(),
        ("reset", _) => Reset::ALL.map(|reset| json!(reset)).to_vec(),
        (_, Value::Bool(now)) => vec![json!(!now)],
        _ => vec![],
    };
    all.into_iter().filter(|value| value != now).collect()
}
