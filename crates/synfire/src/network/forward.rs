//! A batch on its way through the network.

use super::activations::every_step;
use super::cast;
use super::fusion;
use super::graph::Stage;
use super::layer::{LayerState, NeuronLayer, Pass, Recording};
use super::node::Node;
use super::sent::{Message, Reader, Sent};
use super::state::{NetworkState, NodeState};
use super::{ForwardOutput, Network};
use crate::Error;
use crate::coding::{Activations, Ends, Reads, Source, TimeGrid};
use burn::tensor::DType;
use synfire_dynamics::CounterRng;

/// Called with every layer and its activations; not with a connection whose pool is one operation with it.
pub(super) type Visit<'a> = dyn FnMut(&Node, &Activations) + 'a;

/// Settings that all layers of a pass share.
pub(super) struct Call {
    /// Random numbers of the samples.
    pub(super) rng: CounterRng,
    /// Steps of this call.
    pub(super) steps: usize,
    /// The layers from this index on record their potential, besides those whose decoder reads it.
    pub(super) record_from: usize,
}

/// States of layers that a run keeps.
pub(super) enum Kept<'a> {
    /// Nothing: it begins and ends with a sample.
    Nothing,
    /// All, for the steps that follow.
    All(&'a mut NetworkState),
}

impl Kept<'_> {
    /// Index of the first step.
    pub(super) fn first(&self) -> usize {
        match self {
            Kept::Nothing => 0,
            Kept::All(state) => state.step,
        }
    }

    pub(super) fn is_wanted(&self) -> bool {
        matches!(self, Kept::All(_))
    }

    /// State of layer `i` before the first step.
    pub(super) fn take(&mut self, i: usize) -> NodeState {
        match self {
            Kept::Nothing => NodeState::default(),
            Kept::All(state) => state.nodes.get_mut(i).map(core::mem::take).unwrap_or_default(),
        }
    }

    /// State of layer `i` after the last step.
    pub(super) fn put(&mut self, i: usize, node: NodeState) {
        if let Kept::All(state) = self {
            if state.nodes.len() <= i {
                state.nodes.resize_with(i + 1, NodeState::default);
            }
            state.nodes[i] = node;
        }
    }
}

impl Call {
    /// Whether a layer records its potential.
    pub(super) fn records(&self, i: usize, node: &Node) -> bool {
        node.recording.potential || i >= self.record_from
    }

    /// A call of one layer over so many steps from `first` on.
    pub(super) fn pass(&self, i: usize, node: &Node, [first, steps]: [usize; 2], state: LayerState) -> Pass {
        let recording = Recording { potential: self.records(i, node), ..node.recording };
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
        visit: Option<&mut Visit<'_>>,
    ) -> Result<ForwardOutput, Error> {
        let rng = CounterRng::new(seed).of_samples(source.indices().iter().copied());
        let ends = self.ends(&source);
        let record_from = if record { 0 } else { self.record_from(&ends) };
        let call = Call { rng, steps: self.config.steps, record_from };
        let samples = self.samples(source, seed)?;
        let activity = self.propagate(samples, &call, &mut Kept::Nothing, visit)?;
        Ok(self.decoded(activity, ends))
    }

    /// Steps of each sample, where some are shorter than others.
    pub(crate) fn ends(&self, source: &Source) -> Ends {
        let encoder = &self.config.encoder;
        let each = source.lengths().iter().map(|&length| encoder.duration(length)).collect::<Option<Vec<_>>>();
        Ends::new(each.unwrap_or_default(), self.config.steps)
    }

    /// Index of the first layer whose potential is recorded at every step, since the decoder reads it where samples end.
    pub(super) fn record_from(&self, ends: &Ends) -> usize {
        match self.config.decoder.reads() {
            Reads::FinalPotential if !ends.is_empty() => self.layers.len() - 1,
            _ => usize::MAX,
        }
    }

    /// Activity of the last layer with its scores.
    pub(super) fn decoded(&self, activity: Activations, ends: Ends) -> ForwardOutput {
        let decoded = ends.decode(&self.config.decoder, &activity, &self.decoder.values());
        ForwardOutput { activity, decoded, ends }
    }

    /// The activity of the last layer, in single precision, for encoded samples over the steps of a call. Where nobody
    /// visits the layers, they hand spikes on as bits to those that read bits.
    pub(super) fn propagate(
        &self,
        samples: Message,
        call: &Call,
        kept: &mut Kept<'_>,
        mut visit: Option<&mut Visit<'_>>,
    ) -> Result<Activations, Error> {
        let mut sent = Sent::new(samples, self.topology.listeners, &self.layers);
        let mut last = None;
        for stage in &self.topology.stages {
            let outputs = match stage {
                Stage::FeedForward(i) if visit.is_none() && self.topology.layers_as_bits[*i] => {
                    vec![(*i, self.to_spikes(*i, &mut sent, call, kept)?)]
                }
                Stage::FeedForward(i) => vec![(*i, self.feed_forward(*i, None, &mut sent, call, kept)?.into())],
                Stage::Pooled([i, j]) => vec![(*j, self.feed_forward(*i, Some(*j), &mut sent, call, kept)?.into())],
                Stage::Cycle(order) => self.cycle(order, &mut sent, call, kept)?,
            };
            for (i, output) in outputs {
                if let Message::Activations(output) = &output {
                    if let Some(visit) = &mut visit {
                        visit(&self.layers[i], output);
                    }
                    if i + 1 == self.layers.len() {
                        last = Some(output.clone());
                    }
                }
                sent.put(i, output);
            }
        }
        // `check` saw to it that there is a last layer
        let Some(last) = last else { return Err(Error::config("network.layers", "there are none")) };
        Ok(in_single_precision(last, call.steps))
    }

    /// The samples over time: as bits for layers that read them.
    fn samples(&self, source: Source, seed: u64) -> Result<Message, Error> {
        if self.config.precision.dtype() == DType::F32 && self.topology.samples_as_bits {
            self.check_features(&source)?;
            if let Some(spikes) = self.config.encoder.encode_bits(&source, self.config.time_grid(), seed)? {
                self.check_encoded(spikes.dims()[2])?;
                return Ok(Message::Spikes(spikes, self.config.dt));
            }
        }
        Ok(self.encoded(source, seed)?.into())
    }

    /// The samples over time, in the precision of the network.
    pub(crate) fn encoded(&self, source: Source, seed: u64) -> Result<Activations, Error> {
        self.check_features(&source)?;
        let encoded = self.config.encoder.encode(source, self.config.time_grid(), seed)?;
        self.check_encoded(encoded.values.dims()[2])?;
        let dtype = self.config.precision.dtype();
        let spike_times = encoded.spike_times.filter(|_| self.topology.spike_times).map(|times| cast(times, dtype));
        Ok(Activations { values: cast(encoded.values, dtype), spike_times, potential: None, dt: self.config.dt })
    }

    /// Refuses inputs of another number than the network has.
    fn check_encoded(&self, values: usize) -> Result<(), Error> {
        let expected = self.encoded_size()?;
        if values == expected {
            return Ok(());
        }
        let problem = format!("was given {values} inputs; the network has {expected}");
        Err(Error::Source { encoder: self.config.encoder.name(), problem })
    }

    /// Refuses samples of another size than the network was built for.
    fn check_features(&self, source: &Source) -> Result<(), Error> {
        let (features, expected) = (source.features(), self.input.iter().product::<usize>());
        match features {
            Some(features) if features != expected => {
                let problem = format!(
                    "was given samples of {features} values; the network reads samples of shape {:?}, {expected} values",
                    self.input
                );
                Err(Error::Source { encoder: self.config.encoder.name(), problem })
            }
            _ => Ok(()),
        }
    }

    /// One layer over all steps of the call; with a pool, the one operation that both are.
    fn feed_forward(
        &self,
        i: usize,
        pool: Option<usize>,
        sent: &mut Sent,
        call: &Call,
        kept: &mut Kept<'_>,
    ) -> Result<Activations, Error> {
        let node = &self.layers[i];
        let pool = pool.map(|pool| &self.layers[pool].layer);
        if let Some(reader) = Reader::of(node)
            && let Some(spikes) = sent.take_spikes(node.inputs[0])
        {
            return Ok(Activations::new(reader.read(spikes, pool), self.config.dt));
        }
        let (input, mut pass, mut state) = self.enter(i, sent, call, kept)?;
        let output = match pool.and_then(|pool| fusion::forward(&node.layer, pool, &input)) {
            Some(output) => output,
            None => node.layer.forward(input, &mut pass)?,
        };
        state.layer = pass.state;
        kept.put(i, state);
        Ok(output)
    }

    /// As [`feed_forward`](Self::feed_forward) of a layer whose spikes are read as bits: as bits, where there is a kernel.
    fn to_spikes(&self, i: usize, sent: &mut Sent, call: &Call, kept: &mut Kept<'_>) -> Result<Message, Error> {
        let layer = &self.layers[i].layer;
        let Some(neurons) =
            layer.downcast::<NeuronLayer>().filter(|neurons| !neurons.is_recurrent() || !kept.is_wanted())
        else {
            return Ok(self.feed_forward(i, None, sent, call, kept)?.into());
        };
        let (input, mut pass, mut state) = self.enter(i, sent, call, kept)?;
        let output = match neurons.forward_to_spikes(&input, &mut pass)? {
            Some(spikes) => Message::Spikes(spikes, self.config.dt),
            None => layer.forward(input, &mut pass)?.into(),
        };
        state.layer = pass.state;
        kept.put(i, state);
        Ok(output)
    }

    /// Input of layer `i`, the call of it, and its state but for what the call has of it.
    fn enter(
        &self,
        i: usize,
        sent: &mut Sent,
        call: &Call,
        kept: &mut Kept<'_>,
    ) -> Result<(Activations, Pass, NodeState), Error> {
        let (node, steps) = (&self.layers[i], call.steps);
        let inputs = node.inputs.iter().filter_map(|&origin| sent.take(origin));
        let alone = node.inputs.len() == 1 && node.injected.is_none();
        let inputs = match alone && node.layer.takes_held_inputs() {
            true => inputs.collect(),
            false => inputs.map(|input| input.without_hold(steps)).collect(),
        };
        let Some(input) = node.join.apply(inputs, steps) else { return Err(unreached(node)) };
        let (first, keep, mut state) = (kept.first(), kept.is_wanted(), kept.take(i));
        let input = node.delay.apply(input, steps, state.waiting(0), keep);
        let input = match self.injected(i, &input, [first, steps], call)? {
            Some(current) => input.add(current),
            None => input,
        };
        let pass = call.pass(i, node, [first, steps], core::mem::take(&mut state.layer));
        Ok((input, pass, state))
    }

    /// The current that a generator adds to the inputs of layer `i`, for a batch like that of `heard`.
    pub(super) fn injected(
        &self,
        i: usize,
        heard: &Activations,
        [first, steps]: [usize; 2],
        call: &Call,
    ) -> Result<Option<Activations>, Error> {
        let node = &self.layers[i];
        let Some(generator) = &node.injected else { return Ok(None) };
        let (batch, device) = (heard.values.dims()[1], heard.values.device());
        let grid = TimeGrid { steps: first + steps, ..self.config.time_grid() };
        let count = node.input_shape.size();
        let mut rng = call.rng.clone();
        rng.seed ^= i as u64 + 1;
        let current = generator.generate(grid, batch, count, &rng, &device)?;
        let current = Activations::new(cast(current.values, heard.values.dtype()), self.config.dt);
        let is_constant = current.values.dims()[0] == 1;
        Ok(Some(if first == 0 || is_constant { current } else { current.part(first, steps) }))
    }
}

fn in_single_precision(last: Activations, steps: usize) -> Activations {
    let single = |x| cast(x, DType::F32);
    Activations {
        values: single(every_step(last.values, steps)),
        spike_times: last.spike_times.map(single),
        potential: last.potential.map(single),
        dt: last.dt,
    }
}

/// A layer that no input reaches; the shapes of a network are refused before.
pub(super) fn unreached(node: &Node) -> Error {
    Error::config(&node.path, "it listens to nothing that has run; name its `inputs`")
}
