//! From a description to a network.

use super::Shape;
use super::decoder_parameters::DecoderParameters;
use super::delay::Delay;
use super::description::{DelayConfig, NetworkConfig};
use super::graph::{Order, Shapes, whole_delay};
use super::layer::{AnyLayer, NetworkInfo, Recording, Site};
use super::node::{Node, Origin};
use super::{Network, Topology};
use crate::Error;
use crate::coding::Reads;
use crate::neuron::Parameter;
use burn::tensor::Device;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::Arc;

impl NetworkConfig {
    fn info(&self, classes: usize) -> NetworkInfo {
        // decoders of populations sum over so many neurons
        let population = self.decoder.settings().get("pop_size").and_then(serde_json::Value::as_u64);
        let population = population.and_then(|size| usize::try_from(size).ok()).unwrap_or(1).max(1);
        NetworkInfo { classes, population, steps: self.steps, dt: self.dt }
    }

    /// Builds the network for samples of shape `input` and so many classes: every decision is taken here.
    ///
    /// Initial weights are drawn on the host: the same seed gives the same ones on every backend.
    ///
    /// # Errors
    ///
    /// The first layer, key or parameter that makes no sense, by name.
    pub fn init(&self, input: &[usize], classes: usize, seed: u64, device: &Device) -> Result<Network, Error> {
        self.check()?;
        self.precision.check(device)?;
        let order = Order::of(self)?;
        let shapes = self.shapes(input, &order, self.info(classes))?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let recording = self.recording(&order);
        let nodes = (0..self.layers.len()).map(|i| {
            let (layer, delay) = self.layer(i, &shapes[i], &order, classes, &mut rng, device)?;
            let Shapes { input: input_shape, output: output_shape } = shapes[i].clone();
            let config = &self.layers[i];
            Ok(Node {
                layer,
                delay,
                path: format!("layers.{i}"),
                name: config.name.clone(),
                inputs: order.inputs[i].clone(),
                join: config.join,
                injected: config.inject.clone(),
                input_shape,
                output_shape,
                recording: recording[i],
                listeners: order.listeners(Origin::Node(i)),
            })
        });
        let layers = nodes.collect::<Result<Vec<Node>, Error>>()?;
        let outputs = shapes.last().map_or(0, |last| last.output.size());
        let learned = self.decoder.parameters(outputs, &mut rng).into_iter();
        let decoder = learned.map(|p| Parameter::new(p.name, p.values, true, p.above, device));
        let decoder = DecoderParameters(decoder.collect());
        let listeners = order.listeners(Origin::Sample);
        let spike_times = self.wants_spike_times(&order).1;
        let topology = Arc::new(Topology::new(order.stages, &layers, listeners, spike_times));
        Ok(Network { layers, decoder, topology, config: Arc::new(self.clone()), input: input.to_vec(), classes })
    }

    fn layer(
        &self,
        i: usize,
        shapes: &Shapes,
        order: &Order,
        classes: usize,
        rng: &mut ChaCha8Rng,
        device: &Device,
    ) -> Result<(AnyLayer, Delay), Error> {
        let (config, path) = (&self.layers[i], format!("layers.{i}"));
        let listens = |j: &usize| order.inputs[*j].contains(&Origin::Node(i));
        let threshold = (0..self.layers.len()).filter(listens).find_map(|j| self.layers[j].kind.threshold());
        let network = self.info(classes);
        let mut site =
            Site { path: &path, input: &shapes.input, output: &shapes.output, network, threshold, device, rng };
        let layer = config.kind.build(&mut site)?;
        layer.check_ranks(&path)?;
        if let Some(generator) = &config.inject {
            generator.check().map_err(|bad| bad.at(&format!("{path}.inject")))?;
        }
        let delay = match config.delay {
            Some(DelayConfig::Between(between)) => {
                Delay::between(between.init(&path, shapes.input.size(), self.steps, device)?, between.max)
            }
            _ => Delay::whole(whole_delay(i, config, self)?),
        };
        Ok((layer, delay))
    }

    /// States that each layer records: its potential for the decoder, spike times for whoever makes use of them.
    fn recording(&self, order: &Order) -> Vec<Recording> {
        let (wanted, _) = self.wants_spike_times(order);
        let last = self.layers.len().saturating_sub(1);
        let potential = |i: usize| i == last && self.decoder.reads() == Reads::Potentials;
        wanted
            .into_iter()
            .enumerate()
            .map(|(i, spike_times)| Recording { potential: potential(i), spike_times })
            .collect()
    }

    /// Whether the times of spikes are wanted of each layer, and of the samples: neurons that take them and the decoder
    /// want them, also through layers that they pass.
    fn wants_spike_times(&self, order: &Order) -> (Vec<bool>, bool) {
        let last = self.layers.len().saturating_sub(1);
        let reads = self.decoder.reads() == Reads::SpikeTimes;
        let kind = |i: usize| &self.layers[i].kind;
        let mut wanted: Vec<bool> =
            (0..self.layers.len()).map(|i| i == last && reads || kind(i).feeds_spike_times_back()).collect();
        let mut of_samples = false;
        loop {
            let before = (wanted.clone(), of_samples);
            for (i, inputs) in order.inputs.iter().enumerate() {
                if kind(i).takes_spike_times() || kind(i).passes_spike_times() && wanted[i] {
                    for input in inputs {
                        match *input {
                            Origin::Sample => of_samples = true,
                            Origin::Node(node) => wanted[node] = true,
                        }
                    }
                }
            }
            if before == (wanted.clone(), of_samples) {
                return before;
            }
        }
    }

    /// Names and shapes of the weights that the network will allocate.
    pub(crate) fn weights(&self, input: &[usize], classes: usize) -> Result<Vec<(String, Vec<usize>)>, Error> {
        self.check()?;
        let shapes = self.shapes(input, &Order::of(self)?, self.info(classes))?;
        let of = |(i, shapes): (usize, &Shapes)| {
            let weights = self.layers[i].kind.weights(&shapes.input, &shapes.output);
            weights.into_iter().map(move |(name, shape)| (format!("layers.{i}.{name}"), shape))
        };
        Ok(shapes.iter().enumerate().flat_map(of).collect())
    }

    /// Shapes of a sample before and after each layer, for samples of shape `input` and this many classes or values.
    ///
    /// # Errors
    ///
    /// As [`init`](Self::init), for a description that makes no network.
    pub fn layer_shapes(&self, input: &[usize], classes: usize) -> Result<Vec<[Shape; 2]>, Error> {
        self.check()?;
        let shapes = self.shapes(input, &Order::of(self)?, self.info(classes))?;
        Ok(shapes.into_iter().map(|Shapes { input, output }| [input, output]).collect())
    }
}
