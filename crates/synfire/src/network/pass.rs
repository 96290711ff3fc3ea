//! A batch on its way through the network.

use super::config::{DelayConfig, LayerKind};
use super::flow::Flow;
use super::plan::{TIME_INPUT, takes_times};
use super::wiring::{Origin, Stage};
use super::{Layer, Linear, ModuleLayer, Network, Outcome, delay, precision};
use crate::Error;
use crate::coding::{Activations, Reads, Source};
use crate::neuron::{NeuronInput, NeuronOutput, Neurons, Parameter};
use burn::tensor::{DType, Tensor};
use synfire_dynamics::CounterRng;

/// What is told of every layer of neurons: its number, itself, what it did.
pub(super) type Visit<'a> = dyn FnMut(usize, &Neurons, &NeuronOutput) + 'a;

/// What one layer of neurons is run with.
pub(super) struct Run<'a> {
    pub(super) neurons: &'a Neurons,
    /// States to record: the potential if it is wanted, and the time of spikes if that is.
    pub(super) traces: Vec<usize>,
    potential: Option<usize>,
    spike_time: Option<usize>,
}

impl Run<'_> {
    pub(super) fn passed(&self, out: &NeuronOutput) -> Passed {
        Passed { flow: self.flow(out), potential: self.potential(out) }
    }

    /// What goes on to other layers.
    pub(super) fn flow(&self, out: &NeuronOutput) -> Flow {
        let times = self.spike_time.and_then(|_| out.traces.last().cloned());
        Flow { values: out.output.clone(), times }
    }

    /// The membrane potential: after each step if it was recorded, else after the last.
    fn potential(&self, out: &NeuronOutput) -> Option<Tensor<3>> {
        match self.potential {
            Some(_) => out.traces.first().cloned(),
            None => self.neurons.state_index("v").map(|v| out.state.0[v].clone().unsqueeze_dim(0)),
        }
    }
}

/// What a layer did in all steps.
#[derive(Clone)]
pub(super) struct Passed {
    /// What goes on to other layers.
    pub(super) flow: Flow,
    /// The membrane potential, if it is neurons'.
    pub(super) potential: Option<Tensor<3>>,
}

impl From<Flow> for Passed {
    fn from(flow: Flow) -> Self {
        Passed { flow, potential: None }
    }
}

/// What has come out of the layers so far, until nobody listens to it any more.
pub(super) struct Flows {
    samples: (Option<Flow>, usize),
    layers: Vec<(Option<Flow>, usize)>,
}

impl Flows {
    pub(super) fn take(&mut self, origin: Origin) -> Option<Flow> {
        let (flow, listeners) = match origin {
            Origin::Sample => &mut self.samples,
            Origin::Layer(i) => &mut self.layers[i],
        };
        *listeners = listeners.saturating_sub(1);
        if *listeners == 0 { flow.take() } else { flow.clone() }
    }
}

impl Network {
    pub(super) fn pass(
        &self,
        samples: Source,
        seed: u64,
        trace: bool,
        visit: &mut Visit<'_>,
    ) -> Result<Outcome, Error> {
        let wiring = &self.plan.wiring;
        let listeners = |i: usize| wiring.listeners(Origin::Layer(i));
        let mut flows = Flows {
            samples: (Some(self.encoded(samples, seed)?), wiring.listeners(Origin::Sample)),
            layers: (0..self.layers.len()).map(|i| (None, listeners(i))).collect(),
        };
        let mut last = None;
        for stage in &wiring.stages {
            let done = match stage {
                Stage::Whole(i) => vec![(*i, self.whole(*i, &mut flows, seed, trace, visit)?)],
                Stage::Loop(order) => self.step_by_step(order, &mut flows, seed, trace, visit)?,
            };
            for (i, passed) in done {
                if i + 1 == self.layers.len() {
                    last = Some(passed.clone());
                }
                flows.layers[i].0 = (flows.layers[i].1 > 0).then_some(passed.flow);
            }
        }
        let single = |values| precision::cast(values, DType::F32);
        // `check` saw to it that there is a last layer, of neurons
        let Some(Passed { flow: Flow { values, times }, potential }) = last else {
            return Err(Error::config("network.layers", "there are none"));
        };
        let spike_times = times.map(single);
        let activity = Activations { values: single(values), spike_times, potential, dt: self.config.dt };
        let learned: Vec<Tensor<1>> = self.decoder.iter().map(Parameter::value).collect();
        Ok(Outcome { decoded: self.config.decoder.decode(&activity, &learned), activity })
    }

    /// The samples over time; the second channel is by how much each spike precedes the end of its step, in ms.
    fn encoded(&self, samples: Source, seed: u64) -> Result<Flow, Error> {
        let encoded = self.config.encoder.encode(samples, self.config.time_grid(), seed)?;
        let times = encoded.spike_times.filter(|_| self.plan.wants_times.0);
        let times = times.map(|times| self.config.precision.of(times));
        Ok(Flow { values: self.config.precision.of(encoded.values), times })
    }

    /// One layer over all steps.
    fn whole(
        &self,
        i: usize,
        flows: &mut Flows,
        seed: u64,
        trace: bool,
        visit: &mut Visit<'_>,
    ) -> Result<Passed, Error> {
        let steps = self.config.steps;
        let inputs = self.plan.wiring.inputs[i].iter().filter_map(|&origin| flows.take(origin));
        let Some(input) = inputs.reduce(Flow::add) else { return Err(nothing(i)) };
        match &self.layers[i] {
            Layer::Linear(linear) => {
                let input = match &linear.delay {
                    Some(delay) => delay::between(input, delay, self.longest_delay(i), steps),
                    None => input.delayed(self.plan.delays[i], steps),
                };
                Ok(connect(linear, input).into())
            }
            Layer::Neurons(neurons) => {
                let run = self.run_of(i, neurons, trace);
                let input = match self.injected(i, neurons, &input.values, seed)? {
                    Some(current) => input.add(Flow { values: current, times: None }),
                    None => input,
                };
                let input =
                    neuron_input(neurons, input).with_draws(CounterRng { seed, stream: i as u64 + 1, first_row: 0 });
                let out = neurons.run(input, steps, None, &run.traces)?;
                visit(i, neurons, &out);
                Ok(run.passed(&out))
            }
            Layer::Module(module) => Ok(transform(module, input, seed_of(seed, i, 0)).into()),
        }
    }

    /// Number of outputs of a layer.
    pub(super) fn width(&self, i: usize) -> usize {
        match &self.layers[i] {
            Layer::Linear(linear) => linear.weight.val().dims()[1],
            Layer::Neurons(neurons) => neurons.shape().iter().product(),
            Layer::Module(module) => module.outputs(),
        }
    }

    pub(super) fn run_of<'a>(&self, i: usize, neurons: &'a Neurons, trace: bool) -> Run<'a> {
        let reads_potentials = i + 1 == self.layers.len() && self.config.decoder.reads() == Reads::Potentials;
        let potential = neurons.state_index("v").filter(|_| trace || reads_potentials);
        let spike_time = neurons.info().spike_time.filter(|_| self.plan.wants_times.1[i]);
        let spike_time = spike_time.and_then(|name| neurons.state_index(name));
        Run { neurons, traces: potential.into_iter().chain(spike_time).collect(), potential, spike_time }
    }

    /// The current that a generator adds to what is `heard`.
    pub(super) fn injected(
        &self,
        i: usize,
        neurons: &Neurons,
        heard: &Tensor<3>,
        seed: u64,
    ) -> Result<Option<Tensor<3>>, Error> {
        let Some(generator) = &self.plan.injected[i] else { return Ok(None) };
        let count = neurons.shape().iter().product();
        let (batch, device) = (heard.dims()[1], heard.device());
        let signal = generator.generate(self.config.time_grid(), batch, count, seed ^ (i as u64 + 1), &device)?;
        Ok(Some(precision::cast(signal.values, heard.dtype())))
    }

    fn longest_delay(&self, i: usize) -> usize {
        match self.config.layers[i].kind {
            LayerKind::Linear { delay: Some(DelayConfig::Between(between)), .. } => between.max,
            _ => 0,
        }
    }
}

pub(super) fn connect(linear: &Linear, input: Flow) -> Flow {
    Flow { values: linear.forward(input.values), times: input.times.map(|times| linear.weigh(times)) }
}

/// What a module makes of it. The times of spikes do not pass through.
pub(super) fn transform(module: &ModuleLayer, input: Flow, seed: u64) -> Flow {
    Flow { values: module.forward(input.values, seed), times: None }
}

/// A seed for each layer and step.
pub(super) fn seed_of(seed: u64, layer: usize, step: usize) -> u64 {
    let number = ((layer as u64 + 1) << 32) + step as u64;
    seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

pub(super) fn neuron_input(neurons: &Neurons, input: Flow) -> NeuronInput {
    let Flow { values, times } = input;
    let times = times.filter(|_| takes_times(neurons));
    let input = NeuronInput::from(values);
    match times {
        Some(times) => input.with(TIME_INPUT, times),
        None => input,
    }
}

pub(super) fn nothing(i: usize) -> Error {
    Error::config(format!("layers.{i}"), "it listens to nothing that has run; name its `inputs`")
}
