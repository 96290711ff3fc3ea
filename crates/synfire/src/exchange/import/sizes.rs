//! Shape of a sample and number of outputs, and the shapes of weights.

use super::Importer;
use super::assign::Assigned;
use super::pairing;
use crate::Error;
use crate::exchange::StateDict;
use crate::exchange::framework::Kind;
use crate::network::NetworkConfig;

impl Importer {
    /// Shape of a sample and number of classes: as given, or as the weights of the first and the last connection have it.
    pub(super) fn sizes(&self, state: &StateDict, assigned: &[Assigned<'_>]) -> Result<(Vec<usize>, usize), Error> {
        let layers = &self.config.layers;
        let connection = |i: &usize| pairing::kind(&layers[*i]) == Some(Kind::Connection);
        let weight = |layer: usize| {
            let is_weight = |one: &&Assigned<'_>| one.assignment.layer == layer && one.assignment.parameter == "weight";
            assigned.iter().find(is_weight).map(|one| one.tensor.shape.as_slice())
        };
        let input = match (&self.input, (0..layers.len()).find(connection)) {
            (Some(input), _) => input.clone(),
            (None, Some(first)) if layers[first].kind.name() == "linear" => match weight(first) {
                Some(&[_, inputs]) => vec![inputs],
                _ => {
                    return Err(
                        state.refuse(format!("has no weights [outputs, inputs] for layers.{first}, {GIVE_INPUT}"))
                    );
                }
            },
            _ => return Err(state.refuse(format!("does not tell the size of a sample, {GIVE_INPUT}"))),
        };
        let outputs = match (self.outputs, (0..layers.len()).rfind(connection)) {
            (Some(outputs), _) => outputs,
            (None, Some(last)) => weight(last).and_then(|shape| shape.first().copied()).unwrap_or(1),
            (None, None) => 1,
        };
        Ok((input, outputs))
    }
}

const GIVE_INPUT: &str = "from which the shape of a sample could be told; give it, with --input 1,28,28 or --data";

/// Compares the shapes of weights before the network is built: what a description asks for is no more than the file has.
pub(super) fn check_weights(
    config: &NetworkConfig,
    state: &StateDict,
    assigned: &[Assigned<'_>],
    input: &[usize],
    outputs: usize,
) -> Result<(), Error> {
    for (name, shape) in config.weights(input, outputs)? {
        let Some(one) = assigned.iter().find(|one| one.assignment.name() == name) else { continue };
        let is_shared = one.assignment.parameter.starts_with("recurrent.") && one.tensor.values.len() == 1;
        if one.tensor.shape != shape && !is_shared {
            return Err(state.refuse(format!(
                "has `{}` of shape {:?}, and `{name}` of the network has {shape:?}; change the layer in the description, or \
                 pair the tensor with another one in a map file",
                one.tensor.key, one.tensor.shape
            )));
        }
    }
    Ok(())
}
