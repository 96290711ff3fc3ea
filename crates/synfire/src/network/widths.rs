//! How wide each layer is.

use super::ModuleConfig;
use super::config::{LayerKind, NetworkConfig};
use super::wiring::{Origin, Wiring};
use crate::Error;

/// Numbers of inputs and outputs of each layer.
pub(super) struct Widths {
    pub(super) inputs: Vec<usize>,
    pub(super) outputs: Vec<usize>,
}

impl LayerKind {
    /// Number of outputs, as soon as it is known.
    ///
    /// # Errors
    ///
    /// Why there cannot be so many inputs.
    fn outputs(&self, inputs: Option<usize>, classes: usize) -> Result<Option<usize>, String> {
        match (self, inputs) {
            (LayerKind::Linear { linear, .. }, _) => Ok(Some(linear.resolve(classes))),
            (LayerKind::Module { module: ModuleConfig::Named(module) }, Some(inputs)) => {
                module.outputs(inputs).map(Some)
            }
            (LayerKind::Neuron { .. } | LayerKind::Module { .. }, inputs) => Ok(inputs),
        }
    }
}

impl NetworkConfig {
    /// Numbers of inputs and outputs of each layer.
    ///
    /// # Errors
    ///
    /// The first layer whose inputs do not go together, or is too large; a last layer that does not fit the classes.
    pub(super) fn widths(&self, input: &[usize], classes: usize, wiring: &Wiring) -> Result<Widths, Error> {
        let features = input.iter().try_fold(1usize, |product, &n| product.checked_mul(n)).unwrap_or(usize::MAX);
        let samples = self.encoder.inputs(features, self.time_grid());
        let samples = samples.map_err(|problem| Error::config("network.encoder", problem))?;
        // a layer of neurons is as wide as what it listens to; widths spread until nothing changes
        let mut outputs: Vec<Option<usize>> = vec![None; self.layers.len()];
        let of = |outputs: &[Option<usize>], origin: Origin| match origin {
            Origin::Sample => Some(samples),
            Origin::Layer(i) => outputs[i],
        };
        loop {
            let known = outputs.clone();
            for (i, layer) in self.layers.iter().enumerate().filter(|(i, _)| known[*i].is_none()) {
                let inputs = wiring.inputs[i].iter().find_map(|&origin| of(&outputs, origin));
                let width = layer.kind.outputs(inputs, classes);
                outputs[i] = width.map_err(|problem| Error::config(format!("layers.{i}"), problem))?;
            }
            if known == outputs {
                break;
            }
        }
        let mut widths = Widths { inputs: vec![], outputs: vec![] };
        for (i, layer) in self.layers.iter().enumerate() {
            let place = format!("layers.{i}");
            let known: Vec<usize> = wiring.inputs[i].iter().filter_map(|&origin| of(&outputs, origin)).collect();
            let [first, rest @ ..] = known.as_slice() else {
                return Err(Error::config(place, "nothing says how many inputs it has; begin with `linear = 128`"));
            };
            if let Some(other) = rest.iter().find(|other| *other != first) {
                let problem =
                    format!("listens to {first} and to {other} numbers; they are added, so make them as many");
                return Err(Error::config(place, problem));
            }
            let outputs = outputs[i].unwrap_or(*first);
            match layer.kind {
                LayerKind::Linear { .. } => check_size(&place, *first, outputs)?,
                LayerKind::Neuron { .. } | LayerKind::Module { .. } => {}
            }
            widths.inputs.push(*first);
            widths.outputs.push(outputs);
        }
        self.check_scores(*widths.outputs.last().unwrap_or(&0), classes)?;
        Ok(widths)
    }

    fn check_scores(&self, neurons: usize, classes: usize) -> Result<(), Error> {
        let scores = self.decoder.score_count(neurons).map_err(|problem| Error::config("network.decoder", problem))?;
        if scores == classes {
            return Ok(());
        }
        let last = self.layers.len() - 1;
        Err(Error::config(
            format!("layers.{last}"),
            format!(
                "the network ends with {scores} outputs, the data have {classes} classes; end with `linear = \"classes\"` and neurons"
            ),
        ))
    }
}

/// Most weights of one layer, 4 GiB of them.
const MOST_WEIGHTS: usize = 1 << 30;

pub(super) fn check_size(place: &str, inputs: usize, outputs: usize) -> Result<(), Error> {
    if outputs == 0 {
        return Err(Error::config(place, "`linear` is 0; expected the number of outputs, or \"classes\""));
    }
    match inputs.checked_mul(outputs) {
        Some(weights) if weights <= MOST_WEIGHTS => Ok(()),
        _ => Err(Error::config(
            place,
            format!("{inputs} inputs and {outputs} outputs are too many; expected at most {MOST_WEIGHTS} weights"),
        )),
    }
}
