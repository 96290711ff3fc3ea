//! Parameters and states that a gradient reaches.

use super::{Binary, Equations, Leaf, Node, Unary};
use crate::Dynamics;

/// The parameters and states of a model to which gradients flow, in the order of its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// One for each parameter.
    pub params: Vec<bool>,
    /// One for each state before the first step.
    pub states: Vec<bool>,
}

/// Finds what the output of a model, and the states with the indices `traces`, have a gradient to: by the chain rule
/// through any number of steps, with the slopes that the model gives its spikes.
///
/// A parameter that is not reached cannot learn, whatever the data.
#[must_use]
pub fn reached<D: Dynamics>(model: &D, traces: &[usize]) -> Reached {
    Equations::of(model, 1.0, &[]).reached(traces)
}

impl Equations {
    fn reached(&self, traces: &[usize]) -> Reached {
        let graph = &self.graph;
        let mut reached = Reached { params: vec![false; self.params], states: vec![false; self.states()] };
        let mut seen = vec![false; graph.len()];
        let mut open: Vec<_> = traces.iter().filter_map(|&k| self.next.get(k).copied()).collect();
        open.push(self.output);
        while let Some(id) = open.pop() {
            if core::mem::replace(&mut seen[id.index()], true) {
                continue;
            }
            match graph.node(id) {
                Node::Leaf(Leaf::Param(i)) => reached.params[*i] = true,
                // the state after the step before
                Node::Leaf(Leaf::State(k)) => {
                    reached.states[*k] = true;
                    open.push(self.next[*k]);
                }
                Node::Leaf(_) | Node::Literal(_) | Node::Unary(Unary::Floor | Unary::Round, _) => {}
                Node::Binary(Binary::Greater | Binary::GreaterEqual, ..) => {}
                Node::Unary(_, a) => open.push(*a),
                Node::Binary(Binary::Mul, a, b) => {
                    let is_zero = |x| graph.value(x) == Some(0.0);
                    open.extend([(*a, *b), (*b, *a)].into_iter().filter(|(_, by)| !is_zero(*by)).map(|(x, _)| x));
                }
                Node::Binary(_, a, b) | Node::Select(_, a, b) => open.extend([*a, *b]),
                Node::Slopes(_, slopes) => open.extend(slopes.iter().map(|(x, _)| *x)),
            }
        }
        reached
    }
}
