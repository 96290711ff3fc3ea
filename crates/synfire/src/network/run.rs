//! How a network runs: each layer over all steps at once, layers in a loop a few steps at a time.

use super::flow::Flow;
use super::graph::{From, Graph, Part};
use super::precision::cast;
use super::{Layer, LayerConfig, Linear, Network, source};
use crate::Error;
use crate::coding::Reads;
use crate::neuron::{NeuronInput, NeuronOutput, NeuronState, Neurons};
use burn::tensor::{DType, Device, Tensor};

/// The input that takes the times of spikes.
const TIME_INPUT: &str = "current_time";

fn takes_times(neurons: &Neurons) -> bool {
    neurons.info().inputs.iter().any(|input| input.name == TIME_INPUT)
}

/// Steps that are computed at once.
#[derive(Clone, Copy)]
struct Rows {
    first: usize,
    count: usize,
}

/// One pass of a batch.
pub(super) struct Run<'a> {
    network: &'a Network,
    graph: &'a Graph,
    seed: u64,
    batch: usize,
    device: Device,
    dtype: DType,
    /// Whether every membrane potential is wanted, not only what the decoder reads.
    trace: bool,
    /// Whether somebody wants to know the times of spikes, of the sample and of each layer.
    times_wanted: (bool, Vec<bool>),
    input: Option<Flow>,
    /// What each layer sent, until nobody needs it any more.
    sent: Vec<Option<Flow>>,
    /// How often the sample and each layer will be asked for what they sent.
    uses: (usize, Vec<usize>),
    /// What layers of a running loop have sent, block by block.
    past: Vec<Vec<Flow>>,
    block: usize,
    states: Vec<Option<NeuronState>>,
    injected: Vec<Option<Tensor<3>>>,
    draws: Vec<Vec<(&'static str, Tensor<3>)>>,
}

/// What the last layer did.
pub(super) struct Last {
    pub(super) flow: Flow,
    pub(super) potential: Option<Tensor<3>>,
}

impl Network {
    /// Whether the sample and each layer are wanted the times of their spikes.
    pub(super) fn times_wanted(&self) -> (bool, Vec<bool>) {
        let last = self.layers.len() - 1;
        let mut wanted = vec![false; self.layers.len()];
        wanted[last] = self.config.decoder.reads() == Reads::SpikeTimes;
        let mut input = false;
        // again until nothing changes: what is wanted passes backwards through connections
        loop {
            let mut changed = false;
            for (i, layer) in self.layers.iter().enumerate().rev() {
                let passes = match layer {
                    Layer::Neurons(neurons) => takes_times(neurons),
                    Layer::Linear(_) => wanted[i],
                    Layer::Module(_) | Layer::Generator(_) => false,
                };
                let itself = self.recurrent[i].as_ref().map(|_| From::Layer(i));
                for from in self.graph.inputs[i].iter().copied().chain(itself).filter(|_| passes) {
                    let known = match from {
                        From::Input => &mut input,
                        From::Layer(j) => &mut wanted[j],
                    };
                    changed |= !std::mem::replace(known, true);
                }
            }
            if !changed {
                return (input, wanted);
            }
        }
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(network: &'a Network, input: Flow, seed: u64, trace: bool) -> Self {
        let layers = network.layers.len();
        let mut uses = (0, vec![0; layers]);
        let mut count = |from: From| match from {
            From::Input => uses.0 += 1,
            From::Layer(i) => uses.1[i] += 1,
        };
        for (inputs, layer) in network.graph.inputs.iter().zip(&network.layers) {
            // a delay reads several times, and then it is no matter
            let delayed = matches!(layer, Layer::Linear(linear) if linear.delays.is_some());
            inputs.iter().for_each(|&from| (0..if delayed { 2 } else { 1 }).for_each(|_| count(from)));
        }
        count(From::Layer(layers - 1));
        Run {
            network,
            graph: &network.graph,
            seed,
            batch: input.values.dims()[1],
            device: input.values.device(),
            dtype: input.values.dtype(),
            trace,
            times_wanted: network.times_wanted(),
            input: Some(input),
            sent: vec![None; layers],
            uses,
            past: vec![vec![]; layers],
            block: 0,
            states: vec![None; layers],
            injected: vec![None; layers],
            draws: vec![vec![]; layers],
        }
    }

    /// Runs all layers; `visit` is given what each layer of neurons did, in their order.
    pub(super) fn all(mut self, mut visit: impl FnMut(usize, &Neurons, &NeuronOutput)) -> Result<Last, Error> {
        let network = self.network;
        let all = Rows { first: 0, count: network.config.steps };
        let last = network.layers.len() - 1;
        let mut potential = None;
        let mut done: Vec<Option<NeuronOutput>> = vec![None; network.layers.len()];
        let mut waiting = network.layers.iter().enumerate().filter_map(|(i, layer)| match layer {
            Layer::Neurons(neurons) => Some((i, neurons)),
            _ => None,
        });
        let mut next = waiting.next();
        for part in &self.graph.parts {
            match part {
                Part::Whole(i) => {
                    let (flow, out) = self.layer(*i, all)?;
                    self.sent[*i] = Some(flow);
                    done[*i] = out;
                }
                Part::Loop { layers, block } => self.run_loop(layers, *block, &mut done)?,
            }
            while let Some((i, neurons)) = next {
                let Some(out) = done[i].take() else { break };
                visit(i, neurons, &out);
                if i == last {
                    potential = self.potential(i, neurons, &out);
                }
                next = waiting.next();
            }
        }
        let flow = self.sent[last].take().unwrap_or_else(|| self.silence(From::Layer(last), all.count));
        Ok(Last { flow, potential })
    }

    /// The membrane potential after each step where it was traced, else after the last.
    fn potential(&self, i: usize, neurons: &Neurons, out: &NeuronOutput) -> Option<Tensor<3>> {
        let v = neurons.state_index("v")?;
        match self.traces_potential(i) {
            true => out.traces.first().cloned(),
            false => Some(out.state.0[v].clone().unsqueeze_dim(0)),
        }
    }

    fn traces_potential(&self, i: usize) -> bool {
        let reads = self.network.config.decoder.reads() == Reads::Potentials;
        self.trace || reads && i + 1 == self.network.layers.len()
    }

    /// Layers that act on each other, a block of steps after the other.
    fn run_loop(&mut self, layers: &[usize], block: usize, done: &mut [Option<NeuronOutput>]) -> Result<(), Error> {
        let steps = self.network.config.steps;
        self.block = block;
        let mut outs: Vec<Vec<NeuronOutput>> = vec![vec![]; layers.len()];
        for first in (0..steps).step_by(block) {
            let rows = Rows { first, count: block.min(steps - first) };
            for (&i, outs) in layers.iter().zip(&mut outs) {
                let (flow, out) = self.layer(i, rows)?;
                self.past[i].push(flow.over(rows.count));
                self.states[i] = out.as_ref().map(|out| out.state.clone());
                outs.extend(out);
            }
        }
        for (&i, outs) in layers.iter().zip(outs) {
            self.sent[i] = Some(Flow::cat(std::mem::take(&mut self.past[i])));
            done[i] = joined(outs);
        }
        Ok(())
    }

    /// What a layer does in these steps.
    fn layer(&mut self, i: usize, rows: Rows) -> Result<(Flow, Option<NeuronOutput>), Error> {
        match &self.network.layers[i] {
            Layer::Linear(linear) => Ok((self.connect(linear, &self.graph.inputs[i].clone(), rows), None)),
            Layer::Neurons(neurons) => {
                let out = self.neurons(i, neurons, rows)?;
                let times = self.spike_time(i, neurons).and_then(|_| out.traces.last().cloned());
                Ok((Flow { values: out.output.clone(), times }, Some(out)))
            }
            Layer::Module(module) => {
                let Flow { values, .. } = self.sum(&self.graph.inputs[i].clone(), 0, rows);
                Ok((module.forward(values, self.seed_of(i).wrapping_add(rows.first as u64)).into(), None))
            }
            Layer::Generator(source) => {
                let window = self.network.config.window();
                let size = [self.batch, source.neurons()];
                let precision = self.network.config.precision;
                let values =
                    source::generate(source.generator(), window, size, self.seed_of(i), precision, &self.device)?;
                Ok((values.into(), None))
            }
        }
    }

    /// What connections deliver.
    fn connect(&mut self, linear: &Linear, from: &[From], rows: Rows) -> Flow {
        let mut times = vec![];
        let values = linear.deliver(true, |k| {
            let Flow { values, times: late } = self.sum(from, k, rows);
            times.extend(late.map(|late| (k, late)));
            values
        });
        let late = |k: usize| times.iter().find(|(known, _)| *known == k).map(|(_, late)| late.clone());
        let weighed = (!times.is_empty())
            .then(|| linear.deliver(false, |k| late(k).unwrap_or_else(|| self.silence(from[0], rows.count).values)));
        Flow { values, times: weighed }
    }

    fn neurons(&mut self, i: usize, neurons: &Neurons, rows: Rows) -> Result<NeuronOutput, Error> {
        let mut input = self.sum(&self.graph.inputs[i].clone(), 0, rows);
        if let Some(recurrent) = &self.network.recurrent[i] {
            input = input + self.connect(recurrent, &[From::Layer(i)], rows);
        }
        if let Some(injected) = self.injected(i)? {
            let steps = injected.dims()[0];
            let now = if steps == 1 { injected } else { injected.narrow(0, rows.first, rows.count) };
            input = input + now.into();
        }
        let mut given = NeuronInput::from(input.values);
        if rows.count == self.network.config.steps {
            given = given.with_draws(self.seed, i as u32 + 1);
        } else {
            if rows.first == 0 {
                let size = [rows.count.max(self.network.config.steps), self.batch];
                self.draws[i] = neurons.draws(size, self.seed, i as u32 + 1, self.dtype, &self.device);
            }
            for (name, draws) in &self.draws[i] {
                given = given.with(*name, draws.clone().narrow(0, rows.first, rows.count));
            }
        }
        if let Some(times) = input.times.filter(|_| takes_times(neurons)) {
            given = given.with(TIME_INPUT, times);
        }
        let potential = neurons.state_index("v").filter(|_| self.traces_potential(i));
        let traces: Vec<usize> = potential.into_iter().chain(self.spike_time(i, neurons)).collect();
        neurons.run(given, rows.count, self.states[i].take(), &traces)
    }

    /// The state that says the times of spikes, if somebody wants to know.
    fn spike_time(&self, i: usize, neurons: &Neurons) -> Option<usize> {
        let name = neurons.info().spike_time.filter(|_| self.times_wanted.1[i])?;
        neurons.state_index(name)
    }

    /// What generators add to the current of a layer of neurons, over all steps.
    fn injected(&mut self, i: usize) -> Result<Option<Tensor<3>>, Error> {
        let network = self.network;
        let LayerConfig::Neuron { inject, .. } = &network.config.layers[i] else { return Ok(None) };
        if self.injected[i].is_none() {
            let (window, precision) = (network.config.window(), network.config.precision);
            let size = [self.batch, self.graph.widths[i]];
            for (number, generator) in inject.iter().enumerate() {
                let seed = self.seed_of(i).wrapping_add(number as u64);
                let one = source::generate(generator, window, size, seed, precision, &self.device)?;
                self.injected[i] = Some(match self.injected[i].take() {
                    Some(sum) => sum + one,
                    None => one,
                });
            }
        }
        Ok(self.injected[i].clone())
    }

    /// A seed for each layer.
    fn seed_of(&self, i: usize) -> u64 {
        self.seed ^ (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// The sum of what these sent `delay` steps before.
    fn sum(&mut self, from: &[From], delay: usize, rows: Rows) -> Flow {
        let mut flows = from.iter().map(|&from| self.received(from, delay, rows)).collect::<Vec<_>>().into_iter();
        match flows.next() {
            Some(first) => flows.fold(first, |sum, flow| sum + flow),
            None => self.silence(From::Input, rows.count),
        }
    }

    /// What one sent `delay` steps before; nothing before the first step.
    fn received(&mut self, from: From, delay: usize, rows: Rows) -> Flow {
        let Rows { first, count } = rows;
        let silent = delay.saturating_sub(first).min(count);
        let (start, heard) = (first + silent - delay.min(first + silent), count - silent);
        if let From::Layer(i) = from
            && self.sent[i].is_none()
        {
            let flow = (heard > 0).then(|| Flow::window(&self.past[i], self.block, start, heard));
            return self.after_silence(from, silent, flow);
        }
        let steps = self.network.config.steps;
        let (kept, left) = match from {
            From::Input => (&mut self.input, &mut self.uses.0),
            From::Layer(i) => (&mut self.sent[i], &mut self.uses.1[i]),
        };
        let whole = count == steps;
        *left = left.saturating_sub(usize::from(whole && delay == 0));
        // the last to ask gets it itself: then it can be computed in place
        let flow = if *left == 0 && whole && delay == 0 { kept.take() } else { kept.clone() };
        match flow {
            Some(flow) if whole && delay == 0 => flow,
            flow => {
                // what stays the same is told by one step, unless there was silence before
                let flow = flow.filter(|_| heard > 0).map(|flow| flow.narrow(start, heard));
                let flow = flow.map(|flow| if silent == 0 { flow } else { flow.over(heard) });
                self.after_silence(from, silent, flow)
            }
        }
    }

    fn after_silence(&self, from: From, silent: usize, flow: Option<Flow>) -> Flow {
        match flow {
            Some(flow) if silent == 0 => flow,
            Some(flow) => {
                let times = flow.times.is_some().then(|| self.silence(from, silent).values);
                Flow::cat(vec![Flow { values: self.silence(from, silent).values, times }, flow])
            }
            None => self.silence(from, silent),
        }
    }

    /// Zeros in place of what one sends.
    fn silence(&self, from: From, steps: usize) -> Flow {
        let dims = [steps, self.batch, self.graph.width(from)];
        cast(Tensor::zeros(dims, &self.device), self.dtype).into()
    }
}

/// The blocks of a layer as if it had run at once.
fn joined(outs: Vec<NeuronOutput>) -> Option<NeuronOutput> {
    let last = outs.last()?.state.clone();
    let traces = outs[0].traces.len();
    let trace = |k: usize| Tensor::cat(outs.iter().map(|out| out.traces[k].clone()).collect(), 0);
    let traces = (0..traces).map(trace).collect();
    Some(NeuronOutput { output: Tensor::cat(outs.into_iter().map(|out| out.output).collect(), 0), traces, state: last })
}
