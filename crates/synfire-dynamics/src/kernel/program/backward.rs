//! The program of the backward pass.

use super::{Cache, Common, SlotRange, Slots, cached};
use crate::graph::{Adjoint, Equations, Graph, Id, Leaf, Node, Request};
use crate::kernel::code::Code;
use std::sync::{Arc, LazyLock, Mutex};

#[derive(Debug)]
pub(crate) struct Backward {
    pub(crate) common: Common,
    /// Indices of the states that the adjoint needs; the step computes no others.
    pub(crate) kept: Vec<usize>,
    /// Upstream gradient of the output.
    pub(crate) from_output: Option<usize>,
    /// Gradients of the states after the step.
    pub(crate) from_state: SlotRange,
    /// Upstream gradients of the recorded states.
    pub(crate) from_trace: SlotRange,
    /// Gradients of the states before the step.
    pub(crate) to_state: SlotRange,
    /// Gradients of the inputs at this step; empty if they are not wanted, or sums over time.
    pub(crate) to_input: SlotRange,
    /// Sums over time; the last of them are gradients of constant inputs.
    pub(crate) sums: SlotRange,
    /// Gradients of the learnable parameters.
    pub(crate) to_param: SlotRange,
    /// Computes the adjoint of one step.
    pub(crate) adjoint: Code,
    /// Computes the gradients of the parameters from the sums.
    pub(crate) postlude: Code,
}

impl Backward {
    pub(crate) fn of(equations: &Arc<Equations>, request: &Request) -> Arc<Self> {
        static KNOWN: Cache<(Arc<Equations>, Request), Backward> = LazyLock::new(Mutex::default);
        cached(&KNOWN, (equations.clone(), request.clone()), || Self::write(equations, request))
    }

    fn write(equations: &Equations, request: &Request) -> Self {
        let states = equations.states();
        let Adjoint { mut graph, states: to_states, inputs: to_inputs, sums: ends, params: to_params } =
            Adjoint::of(equations, request);
        let zero = graph.literal(0.0);
        let mut slots = Slots::new(&graph);
        let params = slots.leaves(&mut graph, equations.params, Leaf::Param);
        let before = slots.leaves(&mut graph, states, Leaf::State);
        let inputs = slots.leaves(&mut graph, equations.inputs, Leaf::Input);
        let from_output = slots.leaves(&mut graph, usize::from(request.output), |_| Leaf::OutputGradient);
        let from_state = slots.leaves(&mut graph, states, Leaf::StateGradient);
        let from_trace = slots.leaves(&mut graph, request.traces.len(), Leaf::TraceGradient);
        let sums = slots.leaves(&mut graph, ends.len(), Leaf::Sum);
        let (after, to_state) = (slots.reserve(states), slots.reserve(states));
        let each_step = request.inputs && !request.constant_input;
        let to_input = slots.reserve(if each_step { to_inputs.len() } else { 0 });
        let to_param = slots.reserve(to_params.len());

        // results of the adjoint of a step
        let mut roots: Vec<(Id, usize)> = ends.into_iter().zip(sums.slots()).collect();
        roots.extend(to_inputs.into_iter().zip(to_input.slots()));
        for (k, gradient) in to_states.into_iter().enumerate() {
            match gradient {
                Some(id) => roots.push((id, to_state.at(k))),
                // the upstream gradient of the last step must not stay
                None if request.finals => roots.push((zero, to_state.at(k))),
                None => {}
            }
        }
        let kept = kept_states(equations, &graph, roots.iter().map(|(id, _)| *id));
        let next: Vec<(Id, usize)> = kept.iter().map(|&k| (equations.next[k], after.at(k))).collect();
        let params_roots: Vec<(Id, usize)> = to_params.into_iter().zip(to_param.slots()).collect();

        let all: Vec<Id> = roots.iter().chain(&next).chain(&params_roots).map(|(id, _)| *id).collect();
        let (invariant_ids, loop_invariant) = slots.loop_invariant(&graph, &all);
        let prelude = slots.prelude(&graph, &invariant_ids, params, loop_invariant);
        let [step, adjoint, postlude] = [&next, &roots, &params_roots].map(|roots| slots.assemble(&graph, roots));
        let registers = [&prelude, &step, &adjoint, &postlude].map(|code| code.registers);
        let table = slots.count + registers.into_iter().fold(0, usize::max);
        Backward {
            common: Common { literals: slots.literals, params, prelude, before, after, inputs, step, table },
            kept,
            from_output: request.output.then_some(from_output.start),
            from_state,
            from_trace,
            to_state,
            to_input,
            sums,
            to_param,
            adjoint,
            postlude,
        }
    }
}

/// The states before a step that the results of the adjoint depend on, directly or through later states.
fn kept_states(equations: &Equations, graph: &Graph, roots: impl Iterator<Item = Id>) -> Vec<usize> {
    let mut roots: Vec<Id> = roots.map(|id| graph.resolve(id)).collect();
    let mut kept: Vec<usize> = vec![];
    loop {
        let needed = graph.needed(roots.iter().copied());
        let more: Vec<usize> = (0..equations.states())
            .filter(|k| !kept.contains(k))
            .filter(|&k| graph.nodes().any(|(id, node)| needed[id.index()] && *node == Node::Leaf(Leaf::State(k))))
            .collect();
        if more.is_empty() {
            kept.sort_unstable();
            return kept;
        }
        roots.extend(more.iter().map(|&k| graph.resolve(equations.next[k])));
        kept.extend(more);
    }
}
