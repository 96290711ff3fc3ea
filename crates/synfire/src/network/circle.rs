//! Layers that listen to each other, and so run one step after the other.

use super::flow::Flow;
use super::pass::{Flows, Passed, Run, Visit, connect, neuron_input, nothing, seed_of, transform};
use super::wiring::Origin;
use super::{Layer, Network};
use crate::Error;
use crate::neuron::{NeuronOutput, NeuronState};
use burn::tensor::Tensor;
use synfire_dynamics::CounterRng;

/// A layer in a loop.
struct Member<'a> {
    i: usize,
    /// What it hears from outside, over all steps, delayed.
    outer: Option<Flow>,
    /// What it hears from inside.
    inner: Vec<Origin>,
    /// What a generator adds, over all steps.
    injected: Option<Tensor<3>>,
    run: Option<Run<'a>>,
    state: Option<NeuronState>,
    /// What came out at each step so far.
    done: Vec<Flow>,
    outputs: Vec<NeuronOutput>,
}

/// What neurons did in all steps.
fn joined(outputs: Vec<NeuronOutput>) -> Option<NeuronOutput> {
    let state = outputs.last()?.state.clone();
    let traces = (0..outputs[0].traces.len())
        .map(|k| Tensor::cat(outputs.iter().map(|out| out.traces[k].clone()).collect(), 0))
        .collect();
    let output = Tensor::cat(outputs.into_iter().map(|out| out.output).collect(), 0);
    Some(NeuronOutput { output, traces, state })
}

impl Network {
    /// Layers that listen to each other, one step after the other.
    pub(super) fn step_by_step(
        &self,
        order: &[usize],
        flows: &mut Flows,
        seed: u64,
        trace: bool,
        visit: &mut Visit<'_>,
    ) -> Result<Vec<(usize, Passed)>, Error> {
        let mut members: Vec<Member<'_>> = order.iter().map(|&i| self.member(i, order, flows, trace)).collect();
        let heard = members.iter().find_map(|member| member.outer.as_ref().map(|outer| outer.values.clone()));
        let Some(heard) = heard else { return Err(nothing(order[0])) };
        for member in &mut members {
            if let Layer::Neurons(neurons) = &self.layers[member.i] {
                member.injected = self.injected(member.i, neurons, &heard, seed)?;
            }
        }
        for t in 0..self.config.steps {
            for at in 0..members.len() {
                let input = self.input_at(t, at, &members, &heard);
                let input = match &members[at].injected {
                    Some(current) => input.add(Flow { values: current.clone(), times: None }.at(t)),
                    None => input,
                };
                let member = &mut members[at];
                let flow = match &self.layers[member.i] {
                    Layer::Linear(linear) => connect(linear, input),
                    Layer::Module(module) => transform(module, input, seed_of(seed, member.i, t)),
                    Layer::Neurons(neurons) => {
                        let draws = CounterRng { seed, stream: member.i as u64 + 1, first_row: t };
                        let input = neuron_input(neurons, input).with_draws(draws);
                        let Some(run) = &member.run else { continue };
                        let out = neurons.run(input, 1, member.state.take(), &run.traces)?;
                        member.state = Some(out.state.clone());
                        let flow = run.flow(&out);
                        member.outputs.push(out);
                        flow
                    }
                };
                member.done.push(flow);
            }
        }
        let finish = |member: Member<'_>| {
            let neurons = member.run.and_then(|run| Some((run, joined(member.outputs)?)));
            let passed = match neurons {
                Some((run, out)) => {
                    visit(member.i, run.neurons, &out);
                    run.passed(&out)
                }
                None => Flow::join(member.done).into(),
            };
            (member.i, passed)
        };
        Ok(members.into_iter().map(finish).collect())
    }

    /// A layer of the circle `order` before the first step.
    fn member(&self, i: usize, order: &[usize], flows: &mut Flows, trace: bool) -> Member<'_> {
        let inside = |origin: &Origin| matches!(origin, Origin::Layer(from) if order.contains(from));
        let (inner, outer): (Vec<Origin>, Vec<Origin>) = self.plan.wiring.inputs[i].iter().partition(|o| inside(o));
        let outer = outer.into_iter().filter_map(|origin| flows.take(origin)).reduce(Flow::add);
        let outer = outer.map(|flow| flow.delayed(self.plan.delays[i], self.config.steps));
        let run = match &self.layers[i] {
            Layer::Neurons(neurons) => Some(self.run_of(i, neurons, trace)),
            Layer::Linear(_) | Layer::Module(_) => None,
        };
        Member { i, outer, inner, injected: None, run, state: None, done: vec![], outputs: vec![] }
    }

    /// What the layer `members[at]` hears at step `t`.
    fn input_at(&self, t: usize, at: usize, members: &[Member<'_>], heard: &Tensor<3>) -> Flow {
        let member = &members[at];
        let delay = self.plan.delays[member.i];
        let silence = |width: usize| {
            let zeros = Tensor::zeros([1, heard.dims()[1], width], (&heard.device(), heard.dtype()));
            Flow { values: zeros, times: None }
        };
        let of = |origin: &Origin| match *origin {
            Origin::Layer(from) => {
                let source = members.iter().find(|source| source.i == from)?;
                match t.checked_sub(delay) {
                    Some(t) => source.done.get(t).cloned(),
                    None => Some(silence(self.width(from))),
                }
            }
            Origin::Sample => None,
        };
        let inner = member.inner.iter().filter_map(of);
        let mut input = member.outer.iter().map(|outer| outer.at(t)).chain(inner).reduce(Flow::add);
        if let Some(linear) = &self.recurrent[member.i] {
            let before = t.checked_sub(self.plan.recurrent_delays[member.i]).and_then(|t| member.done.get(t).cloned());
            let fed_back = connect(linear, before.unwrap_or_else(|| silence(self.width(member.i))));
            input = Some(match input {
                Some(input) => input.add(fed_back),
                None => fed_back,
            });
        }
        input.unwrap_or_else(|| silence(self.width(member.i)))
    }
}
