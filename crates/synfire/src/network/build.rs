//! From a description to a network.

use super::config::{BetweenSteps, DelayConfig, DelayPer, LayerKind, NetworkConfig, RecurrentConfig};
use super::plan::Plan;
use super::wiring::{Origin, Wiring};
use super::{Layer, Linear, ModuleConfig, Network};
use crate::Error;
use crate::neuron::{Parameter, registry};
use burn::tensor::Device;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::Arc;

impl NetworkConfig {
    /// Builds the network for samples of shape `input` and this many classes.
    ///
    /// Initial weights are drawn on the host: the same seed gives the same ones on every backend.
    ///
    /// # Errors
    ///
    /// The first layer, key or parameter that makes no sense, by name.
    pub fn init(&self, input: &[usize], classes: usize, seed: u64, device: &Device) -> Result<Network, Error> {
        self.check()?;
        self.precision.check(device)?;
        let wiring = Wiring::of(self)?;
        let widths = self.widths(input, classes, &wiring)?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (mut layers, mut recurrent) = (vec![], vec![]);
        for (i, layer) in self.layers.iter().enumerate() {
            let (place, inputs, outputs) = (format!("layers.{i}"), widths.inputs[i], widths.outputs[i]);
            let mut with_itself = None;
            layers.push(match &layer.kind {
                LayerKind::Linear { bias, gain, delay, .. } => {
                    check_gain(&place, *gain)?;
                    let linear = Linear::new(inputs, outputs, *bias, &mut rng, device).with_gain(*gain);
                    let delay = match delay {
                        Some(DelayConfig::Between(between)) => Some(delays(&place, between, inputs, self, device)?),
                        _ => None,
                    };
                    Layer::Linear(linear.with_delay(delay))
                }
                LayerKind::Neuron { neuron, settings, recurrent, inject } => {
                    let entry = registry::find(neuron)?;
                    let neurons = (entry.init)(&place, settings, &[inputs], self.dt, device)?;
                    if let Some(generator) = inject {
                        generator.check().map_err(|bad| bad.at(&format!("{place}.inject")))?;
                    }
                    if let Some(recurrent) = recurrent {
                        check_recurrent(&place, recurrent)?;
                        check_size(&place, inputs, inputs)?;
                        let linear = Linear::new(inputs, inputs, recurrent.bias, &mut rng, device);
                        with_itself = Some(linear.with_gain(recurrent.gain));
                    }
                    Layer::Neurons(neurons)
                }
                LayerKind::Module { module: ModuleConfig::Named(module) } => {
                    module.check().map_err(|bad| bad.at(&format!("{place}.module")))?;
                    Layer::Module(module.init(inputs, device)?)
                }
                LayerKind::Module { module: ModuleConfig::FromRust } => {
                    let problem = "is a module put in from Rust; build the network without it, and `insert` it again";
                    return Err(Error::config(place, problem));
                }
            });
            recurrent.push(with_itself);
        }
        let neurons = *widths.outputs.last().unwrap_or(&0);
        let learned = self.decoder.parameters(neurons, &mut rng).into_iter();
        let decoder = learned.map(|p| Parameter::new(p.name, p.values, true, p.above, device)).collect();
        let plan = Arc::new(Plan::of(self, wiring, &layers));
        let config = Arc::new(self.clone());
        Ok(Network { layers, decoder, recurrent, plan, config, input: input.to_vec(), classes })
    }

    /// Numbers of inputs and outputs of each layer.
    ///
    /// # Errors
    ///
    /// The first layer whose inputs do not go together, or is too large; a last layer that does not fit the classes.
    fn widths(&self, input: &[usize], classes: usize, wiring: &Wiring) -> Result<Widths, Error> {
        let features = input.iter().try_fold(1usize, |product, &n| product.checked_mul(n)).unwrap_or(usize::MAX);
        let samples = self.encoder.inputs(features, self.window());
        let samples = samples.map_err(|problem| Error::config("network.encoder", problem))?;
        // a layer of neurons is as wide as what it listens to; widths spread until nothing changes
        let mut outputs: Vec<Option<usize>> = self.layers.iter().map(|layer| layer.kind.width(classes)).collect();
        let of = |outputs: &[Option<usize>], origin: Origin| match origin {
            Origin::Sample => Some(samples),
            Origin::Layer(i) => outputs[i],
        };
        while let Some((i, width)) = (0..outputs.len()).filter(|&i| outputs[i].is_none()).find_map(|i| {
            let known = wiring.inputs[i].iter().find_map(|&origin| of(&outputs, origin));
            known.map(|width| (i, width))
        }) {
            outputs[i] = Some(width);
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

    /// Names and shapes of all weights that the network will have.
    pub(crate) fn weights(&self, input: &[usize], classes: usize) -> Result<Vec<(String, [usize; 2])>, Error> {
        self.check()?;
        let widths = self.widths(input, classes, &Wiring::of(self)?)?;
        let mut weights = vec![];
        for (i, layer) in self.layers.iter().enumerate() {
            let (inputs, outputs) = (widths.inputs[i], widths.outputs[i]);
            match &layer.kind {
                LayerKind::Linear { .. } => weights.push((format!("layers.{i}.weight"), [inputs, outputs])),
                LayerKind::Neuron { recurrent: Some(_), .. } => {
                    weights.push((format!("layers.{i}.recurrent.weight"), [inputs, inputs]));
                }
                LayerKind::Neuron { .. } | LayerKind::Module { .. } => {}
            }
        }
        Ok(weights)
    }

    fn check_scores(&self, neurons: usize, classes: usize) -> Result<(), Error> {
        let scores = self.decoder.scores(neurons).map_err(|problem| Error::config("network.decoder", problem))?;
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

/// Numbers of inputs and outputs of each layer.
struct Widths {
    inputs: Vec<usize>,
    outputs: Vec<usize>,
}

impl LayerKind {
    fn width(&self, classes: usize) -> Option<usize> {
        match self {
            LayerKind::Linear { linear, .. } => Some(linear.resolve(classes)),
            LayerKind::Neuron { .. } | LayerKind::Module { .. } => None,
        }
    }
}

/// Most weights of one layer, 4 GiB of them.
const MOST_WEIGHTS: usize = 1 << 30;

fn check_size(place: &str, inputs: usize, outputs: usize) -> Result<(), Error> {
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

fn check_gain(place: &str, gain: f32) -> Result<(), Error> {
    match gain > 0.0 && gain.is_finite() {
        true => Ok(()),
        false => Err(Error::config(place, format!("`gain` is {gain}; expected a number above 0"))),
    }
}

fn check_recurrent(place: &str, recurrent: &RecurrentConfig) -> Result<(), Error> {
    check_gain(&format!("{place}.recurrent"), recurrent.gain)?;
    match recurrent.delay {
        0 => Err(Error::config(format!("{place}.recurrent"), "`delay` is 0; expected at least 1 step")),
        _ => Ok(()),
    }
}

fn delays(
    place: &str,
    delay: &BetweenSteps,
    inputs: usize,
    config: &NetworkConfig,
    device: &Device,
) -> Result<Parameter, Error> {
    let BetweenSteps { value, max, learn, per } = *delay;
    if max == 0 || max > config.steps {
        let problem = format!("`max` is {max}; expected 1 to {} steps", config.steps);
        return Err(Error::config(format!("{place}.delay"), problem));
    }
    if !(0.0..=max as f32).contains(&value) {
        let problem = format!("`value` is {value}; expected 0 to `max`, {max} steps");
        return Err(Error::config(format!("{place}.delay"), problem));
    }
    let count = match per {
        DelayPer::Layer => 1,
        DelayPer::Input => inputs,
    };
    let parameter = Parameter::new("delay", vec![value; count], learn, None, device);
    Ok(parameter.within(learn.then_some([0.0, max as f32])))
}
