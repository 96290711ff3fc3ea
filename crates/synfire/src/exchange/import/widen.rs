//! Parameters of neurons with a value for each neuron or channel, where a state dict has them.

use super::assign::Assigned;
use crate::Error;
use crate::exchange::StateDict;
use crate::network::NetworkConfig;
use crate::network::layer::LayerKind;
use crate::registry::Component;
use serde_json::{Map, Value};

/// The description with a value per neuron or channel for the parameters whose tensors have so many.
pub(super) fn widened(
    config: &NetworkConfig,
    state: &StateDict,
    assigned: &[Assigned<'_>],
    input: &[usize],
    outputs: usize,
) -> Result<NetworkConfig, Error> {
    let mut config = config.clone();
    let many = |one: &&Assigned<'_>| one.is_shared() && one.tensor.values.len() > 1;
    let shapes = config.layer_shapes(input, outputs)?;
    for one in assigned.iter().filter(many) {
        let (layer, parameter) = (one.assignment.layer, one.assignment.parameter.as_str());
        if config.layers[layer].kind.model().is_none() || parameter.contains('.') {
            continue; // normalisations, and connections of neurons to themselves
        }
        let [neurons, _] = &shapes[layer];
        let count = one.tensor.values.len();
        let per = match () {
            () if count == neurons.size() => "neuron",
            () if count == neurons.channels() => "channel",
            () => {
                return Err(state.refuse(format!(
                    "has `{}` of shape {:?}; layers.{layer} has {} neurons in {} channels: expected one value, or one for each",
                    one.tensor.key,
                    one.tensor.shape,
                    neurons.size(),
                    neurons.channels()
                )));
            }
        };
        let kind = &config.layers[layer].kind;
        let mut settings = kind.settings().clone();
        let shared = shared(settings.get(parameter), per);
        settings.insert(parameter.to_string(), shared);
        config.layers[layer].kind = Component::<dyn LayerKind>::with_settings(kind.name(), settings)?;
    }
    Ok(config)
}

/// Configuration of a parameter with other sharing; a list of values is left out, since others come.
fn shared(written: Option<&Value>, per: &str) -> Value {
    let mut table = match written {
        Some(Value::Object(table)) => table.clone(),
        Some(value) => Map::from_iter([("value".to_string(), value.clone())]),
        None => Map::new(),
    };
    table.retain(|key, value| key != "value" || value.is_number());
    table.insert("per".to_string(), Value::from(per));
    Value::Object(table)
}
