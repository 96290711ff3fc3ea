//! From a description to a network.

use super::config::{BetweenSteps, DelayConfig, DelayPer, LayerKind, NetworkConfig, RecurrentConfig};
use super::plan::Plan;
use super::widths::check_size;
use super::wiring::Wiring;
use super::{Layer, Linear, ModuleConfig, Network};
use crate::Error;
use crate::neuron::{Parameter, registry};
use burn::tensor::Device;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
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
                    let module = module.init(inputs, rng.next_u64(), device)?;
                    if module.outputs() != outputs {
                        let problem = format!("returns {} numbers; it said {outputs}", module.outputs());
                        return Err(Error::config(format!("{place}.module"), problem));
                    }
                    Layer::Module(module)
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
