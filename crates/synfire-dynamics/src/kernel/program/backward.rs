//! The program of a scan's gradients.

use super::{Common, Kept, Places, Stretch, kept};
use crate::graph::{Adjoint, Equations, Graph, Id, Leaf, Node, Request};
use crate::kernel::code::Code;
use std::sync::{Arc, LazyLock, Mutex};

#[derive(Debug)]
pub(crate) struct Backward {
    pub(crate) common: Common,
    /// The states that the adjoint needs, by number; the step computes no others.
    pub(crate) kept: Vec<usize>,
    pub(crate) from_output: Option<usize>,
    pub(crate) from_state: Stretch,
    pub(crate) from_trace: Stretch,
    pub(crate) to_state: Stretch,
    /// Gradients of the inputs at this step; nothing if they are not wanted or a sum.
    pub(crate) to_input: Stretch,
    /// Sums over time; the last ones are of inputs that stay the same.
    pub(crate) sums: Stretch,
    pub(crate) to_param: Stretch,
    pub(crate) adjoint: Code,
    /// From the sums to the parameters.
    pub(crate) postlude: Code,
}

impl Backward {
    pub(crate) fn of(equations: &Arc<Equations>, request: &Request) -> Arc<Self> {
        static KNOWN: Kept<(Arc<Equations>, Request), Backward> = LazyLock::new(Mutex::default);
        kept(&KNOWN, (equations.clone(), request.clone()), || Self::write(equations, request))
    }

    fn write(equations: &Equations, request: &Request) -> Self {
        let states = equations.states();
        let Adjoint { mut graph, states: to_states, inputs: to_inputs, sums: ends, params: to_params } =
            Adjoint::of(equations, request);
        let zero = graph.literal(0.0);
        let mut places = Places::new(&graph);
        let params = places.leaves(&mut graph, equations.params, Leaf::Param);
        let before = places.leaves(&mut graph, states, Leaf::State);
        let inputs = places.leaves(&mut graph, equations.inputs, Leaf::Input);
        let from_output = places.leaves(&mut graph, usize::from(request.output), |_| Leaf::FromOutput);
        let from_state = places.leaves(&mut graph, states, Leaf::FromState);
        let from_trace = places.leaves(&mut graph, request.traces.len(), Leaf::FromTrace);
        let sums = places.leaves(&mut graph, ends.len(), Leaf::Sum);
        let (after, to_state) = (places.stretch(states), places.stretch(states));
        let each_step = request.inputs && !request.constant_input;
        let to_input = places.stretch(if each_step { to_inputs.len() } else { 0 });
        let to_param = places.stretch(to_params.len());

        // results of the adjoint of a step
        let mut roots: Vec<(Id, usize)> = ends.into_iter().zip(sums.places()).collect();
        roots.extend(to_inputs.into_iter().zip(to_input.places()));
        for (k, gradient) in to_states.into_iter().enumerate() {
            match gradient {
                Some(id) => roots.push((id, to_state.at(k))),
                // what arrived at the last step must not stay
                None if request.finals => roots.push((zero, to_state.at(k))),
                None => {}
            }
        }
        let kept = kept_states(equations, &graph, roots.iter().map(|(id, _)| *id));
        let next: Vec<(Id, usize)> = kept.iter().map(|&k| (equations.next[k], after.at(k))).collect();
        let params_roots: Vec<(Id, usize)> = to_params.into_iter().zip(to_param.places()).collect();

        let all: Vec<Id> = roots.iter().chain(&next).chain(&params_roots).map(|(id, _)| *id).collect();
        let (steady_ids, steady) = places.steady(&graph, &all);
        let prelude = places.prelude(&graph, &steady_ids, params, steady);
        let [step, adjoint, postlude] = [&next, &roots, &params_roots].map(|roots| places.assemble(&graph, roots));
        let registers = [&prelude, &step, &adjoint, &postlude].map(|code| code.registers);
        let table = places.count + registers.into_iter().fold(0, usize::max);
        Backward {
            common: Common { literals: places.literals, params, prelude, before, after, inputs, step, table },
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

/// The states before a step that the adjoint's results are computed from, and those that these are.
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
