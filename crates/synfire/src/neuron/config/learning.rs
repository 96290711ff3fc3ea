//! Parameters that may learn: those that a gradient reaches.

use crate::neuron::Reset;
use crate::neuron::model::AnyNeuron;
use crate::surrogate::Surrogate;
use serde_json::{Value, json};
use synfire_dynamics::{FieldInfo, Reached};

/// Parameters and states that have a gradient from the output, or from a state that decoders read: the potential and the
/// times of spikes.
pub(super) fn reach(model: &dyn AnyNeuron) -> Reached {
    let info = model.info();
    if !info.differentiable {
        // clamps of integers let through what is no gradient of the model
        return Reached { params: vec![false; info.parameters.len()], states: vec![false; info.states.len()] };
    }
    let read = |state: &FieldInfo| state.name == "v" || Some(state.name) == info.spike_time;
    let traces: Vec<usize> = (0..info.states.len()).filter(|k| read(&info.states[*k])).collect();
    model.reached(&traces)
}

/// Why a parameter that should learn cannot, and what would let it; `at` finds it among what is reached.
pub(super) fn problem(model: &dyn AnyNeuron, at: &dyn Fn(&Reached) -> bool) -> String {
    let settings = model.settings();
    let mut cures = vec![];
    for (key, now) in &settings {
        let changed = alternatives(key, now).into_iter().filter(|value| {
            let mut settings = settings.clone();
            settings.insert(key.clone(), value.clone());
            model.with_settings(&settings).is_ok_and(|model| at(&reach(&*model)))
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
