//! From the plan to a checkpoint.

use super::plan::{Layer, Plan};
use super::{ImportOptions, Imported};
use crate::Error;
use crate::checkpoint::Checkpoint;
use crate::coding::{Decoder, Encoder, SeriesEncoder, SpikeCounts, SpikeRate};
use crate::network::{LayerConfig, NetworkConfig};
use crate::neuron::{OutputKind, registry};
use crate::nir::{Report, ReportLine};
use burn::tensor::Device;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Plan {
    /// Builds the network and puts the values into it.
    pub(super) fn build(self, options: &ImportOptions, mut report: Report) -> Result<Imported, Error> {
        let names = self.names();
        let layers = self.layers.iter().enumerate().map(|(i, layer)| self.config(i, layer, &names));
        let layers = layers.collect::<Result<Vec<LayerConfig>, Error>>()?;
        let encoder = options.encoder.clone().unwrap_or_else(|| SeriesEncoder::default().into());
        let config = NetworkConfig {
            steps: options.steps,
            dt: (options.dt * 1e3) as f32,
            delay: 0,
            decoder: options.decoder.clone().unwrap_or_else(|| decoder(&layers)),
            precision: Default::default(),
            layers,
            encoder,
        };
        let input = samples(&config.encoder, options.steps, &self.sample(options)?);
        let outputs = self.layers.last().map_or(&[][..], |layer| &layer.output);
        let Some(outputs) = outputs.iter().try_fold(1usize, |product, &size| product.checked_mul(size)) else {
            return Err(Error::config("graph", format!("has outputs of shape {outputs:?}, beyond any memory")));
        };
        let device = Device::default();
        let network = config.init(&input, outputs, 0, &device).map_err(|error| self.named(error))?;
        let mut checkpoint = Checkpoint::of(&network);
        for (i, layer) in self.layers.iter().enumerate() {
            for (name, values) in &layer.values {
                let path = format!("layers.{i}.{name}");
                let Some(stored) = checkpoint.parameters.iter_mut().find(|stored| stored.name == path) else {
                    return Err(Error::config(format!("node `{}`", layer.node), format!("has no place for `{name}`")));
                };
                if stored.values.len() != values.values.len() {
                    let problem = format!("has {:?} values of `{name}`; expected {:?}", values.shape, stored.shape);
                    return Err(Error::config(format!("node `{}`", layer.node), problem));
                }
                stored.values = values.values.iter().map(|&value| value as f32).collect();
                stored.raw = None;
            }
        }
        // values out of their range are told by the node
        checkpoint.network(&device).map_err(|error| self.named(error))?;
        self.tell(&config.layers, &mut report);
        Ok(Imported { checkpoint, report })
    }

    /// Shape of a step of a sample.
    fn sample(&self, options: &ImportOptions) -> Result<Vec<usize>, Error> {
        let size = |shape: &[usize]| shape.iter().try_fold(1usize, |product, &size| product.checked_mul(size));
        match &options.input {
            Some(given) if size(given) == size(&self.input) => Ok(given.clone()),
            Some(given) => {
                let problem = format!("is {given:?}, the graph takes {:?}; expected as many values", self.input);
                Err(Error::config("input", problem))
            }
            None => Ok(self.input.clone()),
        }
    }

    /// A name for every layer, that of its node where no other has it.
    fn names(&self) -> Vec<String> {
        let mut taken = BTreeSet::from(["input".to_string()]);
        let mut name = |layer: &Layer| {
            let mut name = layer.node.clone();
            while name.starts_with("layers.") || !taken.insert(name.clone()) {
                name = format!("node {name}");
            }
            name
        };
        self.layers.iter().map(&mut name).collect()
    }

    fn config(&self, i: usize, layer: &Layer, names: &[String]) -> Result<LayerConfig, Error> {
        let mut keys = layer.keys.clone();
        keys.insert("name".to_string(), json!(names[i]));
        let previous = i.checked_sub(1);
        if layer.inputs[..] != [previous] {
            let name = |input: &Option<usize>| input.map_or("input", |input| names[input].as_str());
            keys.insert("inputs".to_string(), layer.inputs.iter().map(name).collect::<Vec<_>>().into());
        }
        let read = serde_json::from_value(Value::Object(keys));
        read.map_err(|error| Error::config(format!("node `{}`", layer.node), error.to_string()))
    }

    /// An error of the network with the node instead of the layer.
    fn named(&self, error: Error) -> Error {
        let text = error.to_string();
        let place = text.split("layers.").nth(1);
        let digits = place.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
        let layer = digits.and_then(|digits| self.layers.get(digits.parse::<usize>().ok()?));
        match layer {
            Some(layer) => Error::config(format!("node `{}`", layer.node), text),
            None => error,
        }
    }

    /// Adds a line for every layer, in front of those that are there.
    fn tell(&self, layers: &[LayerConfig], report: &mut Report) {
        let mut lines = vec![];
        for (i, (layer, LayerConfig { kind: config, .. })) in self.layers.iter().zip(layers).enumerate() {
            let kind = config.model().unwrap_or(config.name());
            let recurrent = if layer.keys.contains_key("recurrent") { ", recurrent" } else { "" };
            lines.push(ReportLine {
                from: layer.node.clone(),
                kind: layer.kind.to_string(),
                became: format!("layers.{i}: {kind}{recurrent}"),
                notes: layer.notes.clone(),
            });
        }
        lines.append(&mut report.lines);
        report.lines = lines;
    }
}

/// Shape of a sample: with time in front where the encoder takes samples over time.
fn samples(encoder: &Encoder, steps: usize, input: &[usize]) -> Vec<usize> {
    match encoder.name() {
        "series" => [&[steps], input].concat(),
        _ => input.to_vec(),
    }
}

/// Scores of the last layer of neurons: counts of spikes, or the mean of what has none.
fn decoder(layers: &[LayerConfig]) -> Decoder {
    let model = layers.iter().rev().find_map(|layer| layer.kind.model());
    let output = model.and_then(|model| registry::find(model).ok()).map(|entry| entry.info.output);
    match output {
        Some(OutputKind::Graded) => SpikeRate::default().into(),
        _ => SpikeCounts::default().into(),
    }
}
