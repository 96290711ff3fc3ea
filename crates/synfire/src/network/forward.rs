//! A batch on its way through the network.

use super::activations::every_step;
use super::cast;
use super::graph::Stage;
use super::layer::{LayerState, Pass, Recording};
use super::node::{Node, Origin};
use super::{ForwardOutput, Network};
use crate::Error;
use crate::coding::{Activations, Source};
use burn::tensor::DType;
use synfire_dynamics::CounterRng;

/// Called with every layer of neurons and its activations.
pub(super) type Visit<'a> = dyn FnMut(&Node, &Activations) + 'a;

/// Activations that later layers still listen to.
pub(super) struct Sent {
    samples: (Option<Activations>, usize),
    nodes: Vec<(Option<Activations>, usize)>,
}

impl Sent {
    /// The activations of `origin`, kept as long as others listen to them.
    pub(super) fn take(&mut self, origin: Origin) -> Option<Activations> {
        let (activations, listeners) = match origin {
            Origin::Sample => &mut self.samples,
            Origin::Node(i) => &mut self.nodes[i],
        };
        *listeners = listeners.saturating_sub(1);
        if *listeners == 0 { activations.take() } else { activations.clone() }
    }

    fn put(&mut self, i: usize, activations: Activations) {
        let (slot, listeners) = &mut self.nodes[i];
        *slot = (*listeners > 0).then_some(Activations { potential: None, ..activations });
    }
}

/// Settings that all layers of a pass share.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) seed: u64,
    /// Random numbers of the samples.
    pub(super) rng: CounterRng,
    /// Whether every layer records its potential.
    pub(super) record: bool,
}

impl Call {
    /// A call for these samples.
    pub(super) fn new(source: &Source, seed: u64, record: bool) -> Self {
        Call { seed, rng: CounterRng::new(seed).of_samples(source.indices().iter().copied()), record }
    }

    /// One call of layer `i` over so many steps from `first` on.
    pub(super) fn pass(&self, i: usize, node: &Node, first: usize, steps: usize, state: LayerState) -> Pass {
        let recording = Recording { potential: node.recording.potential || self.record, ..node.recording };
        let rng = self.rng.clone().in_stream(i as u64 + 1).at_step(first);
        Pass { steps, rng, state, recording }
    }
}

impl Network {
    /// Runs the network over all steps of the samples. With `record` every layer records its potential.
    pub(super) fn run(
        &self,
        source: Source,
        (seed, record): (u64, bool),
        visit: &mut Visit<'_>,
    ) -> Result<ForwardOutput, Error> {
        let call = Call::new(&source, seed, record);
        let mut sent = Sent {
            samples: (Some(self.encoded(source, call.seed)?), self.topology.listeners),
            nodes: self.layers.iter().map(|node| (None, node.listeners)).collect(),
        };
        let mut last = None;
        for stage in &self.topology.stages {
            let outputs = match stage {
                Stage::FeedForward(i) => vec![(*i, self.feed_forward(*i, &mut sent, &call)?)],
                Stage::Cycle(order) => self.cycle(order, &mut sent, &call)?,
            };
            for (i, output) in outputs {
                if self.layers[i].neurons().is_some() {
                    visit(&self.layers[i], &output);
                }
                if i + 1 == self.layers.len() {
                    last = Some(output.clone());
                }
                sent.put(i, output);
            }
        }
        // `check` saw to it that there is a last layer
        let Some(last) = last else { return Err(Error::config("network.layers", "there are none")) };
        let activity = self.in_single_precision(last);
        let decoded = self.config.decoder.decode(&activity, &self.decoder.values());
        Ok(ForwardOutput { activity, decoded })
    }

    /// The samples over time, in the precision of the network.
    fn encoded(&self, source: Source, seed: u64) -> Result<Activations, Error> {
        let encoded = self.config.encoder.encode(source, self.config.time_grid(), seed)?;
        let dtype = self.config.precision.dtype();
        let spike_times = encoded.spike_times.filter(|_| self.topology.spike_times).map(|times| cast(times, dtype));
        Ok(Activations { values: cast(encoded.values, dtype), spike_times, potential: None, dt: self.config.dt })
    }

    fn in_single_precision(&self, last: Activations) -> Activations {
        let single = |x| cast(x, DType::F32);
        Activations {
            values: single(every_step(last.values, self.config.steps)),
            spike_times: last.spike_times.map(single),
            potential: last.potential.map(single),
            dt: self.config.dt,
        }
    }

    /// One layer over all steps.
    fn feed_forward(&self, i: usize, sent: &mut Sent, call: &Call) -> Result<Activations, Error> {
        let (node, steps) = (&self.layers[i], self.config.steps);
        let inputs = node.inputs.iter().filter_map(|&origin| sent.take(origin)).collect();
        let Some(input) = node.join.apply(inputs, steps) else { return Err(unreached(node)) };
        let input = node.delay.apply(input, steps);
        let input = match self.injected(i, &input, call)? {
            Some(current) => input.add(current),
            None => input,
        };
        node.layer.forward(input, &mut call.pass(i, node, 0, steps, LayerState::default()))
    }

    /// The current that a generator adds to the inputs of layer `i`, for a batch like that of `heard`.
    pub(super) fn injected(&self, i: usize, heard: &Activations, call: &Call) -> Result<Option<Activations>, Error> {
        let node = &self.layers[i];
        let Some(generator) = &node.injected else { return Ok(None) };
        let (batch, device) = (heard.values.dims()[1], heard.values.device());
        let (grid, count) = (self.config.time_grid(), node.input_shape.size());
        let mut rng = call.rng.clone();
        rng.seed ^= i as u64 + 1;
        let current = generator.generate(grid, batch, count, &rng, &device)?;
        Ok(Some(Activations::new(cast(current.values, heard.values.dtype()), self.config.dt)))
    }
}

/// A layer that no input reaches; the shapes of a network are refused before.
pub(super) fn unreached(node: &Node) -> Error {
    Error::config(&node.path, "it listens to nothing that has run; name its `inputs`")
}
