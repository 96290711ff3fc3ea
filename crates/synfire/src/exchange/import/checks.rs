//! Checks that the description of a layer says of a module the same as its tensors.

use super::pairing::Pair;
use super::report::Dropped;
use crate::Error;
use crate::exchange::StateDict;
use crate::exchange::framework::{Framework, Kind, Use};
use crate::network::NetworkConfig;
use crate::neuron::Reset;

/// Compares a module with its layer; returns the tensors that need no place, with the reason.
pub(super) fn check(
    state: &StateDict,
    config: &NetworkConfig,
    framework: Framework,
    pair: &Pair<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Dropped>, Error> {
    let mut dropped = vec![];
    for (tensor, becomes) in &pair.module.tensors {
        let key = &tensor.key;
        match becomes {
            Use::Parameter(..) => continue,
            Use::Drop => dropped.push(Dropped::of(key, "not needed")),
            Use::One if tensor.values.iter().all(|x| *x == 1.0) => {
                dropped.push(Dropped::of(key, "spikes of size 1"));
            }
            Use::One => {
                let problem = format!("has spikes of size {:?} (`{key}`); Synfire's are 1", tensor.values);
                return Err(
                    state.refuse(format!("{problem}: multiply the weights of the layer after them, and set it to 1"))
                );
            }
            Use::Reset => {
                let reset = reset(config, pair.layer);
                if let Some((expected, word)) =
                    reset_of(&tensor.values).filter(|(expected, _)| Some(*expected) != reset)
                {
                    let now = reset.map_or_else(|| "no".to_string(), |reset| format!("a {}", name(reset)));
                    let delay =
                        if expected == Reset::Soft { " and `reset_delay = true`, snnTorch's default" } else { "" };
                    return Err(state.refuse(format!(
                        "resets by \"{word}\" (`{key}`), and layers.{} has {now} reset; set `reset = \"{}\"`{delay}",
                        pair.layer,
                        name(expected)
                    )));
                }
                dropped.push(Dropped::of(key, "the reset is that of the description"));
            }
        }
    }
    if pair.module.kind == Kind::Neurons {
        notes.extend(note(config, framework, pair));
    }
    Ok(dropped)
}

/// The reset of a layer of neurons, if its model has one.
fn reset(config: &NetworkConfig, layer: usize) -> Option<Reset> {
    let kind = &config.layers[layer].kind;
    match kind.settings().get("reset") {
        Some(given) => serde_json::from_value(given.clone()).ok(),
        None => match kind.model()? {
            "ifsoftreset" => Some(Reset::Soft),
            _ => Some(Reset::default()),
        },
    }
}

/// The reset that snnTorch keeps as a number, and its word for it.
fn reset_of(values: &[f64]) -> Option<(Reset, &'static str)> {
    match values {
        [0.0] => Some((Reset::Soft, "subtract")),
        [1.0] => Some((Reset::Hard, "zero")),
        [2.0] => Some((Reset::None, "none")),
        _ => None,
    }
}

fn name(reset: Reset) -> &'static str {
    match reset {
        Reset::Hard => "hard",
        Reset::Soft => "soft",
        Reset::None => "none",
    }
}

/// A setting of the module that its tensors do not tell.
fn note(config: &NetworkConfig, framework: Framework, pair: &Pair<'_>) -> Option<String> {
    let (module, layer) = (pair.module.name, pair.layer);
    let kind = &config.layers[layer].kind;
    let is_delayed = kind.settings().get("reset_delay") == Some(&serde_json::Value::Bool(true));
    match framework {
        Framework::Snntorch if reset(config, layer) == Some(Reset::Soft) && !is_delayed => Some(format!(
            "layers.{layer} resets at once, as `{module}` does with reset_delay=False; for snnTorch's default set \
             `reset_delay = true`"
        )),
        Framework::Spikingjelly => {
            let scaled = if kind.model() == Some("plif") { "True" } else { "False" };
            Some(format!(
                "layers.{layer} is `{module}` with decay_input={scaled}, and fires above the threshold, not at it"
            ))
        }
        _ => None,
    }
}
