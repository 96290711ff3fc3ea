//! Writes the nodes of a graph into a kernel that is being traced.

use super::program::Program;
use crate::graph::{Graph, Id, Leaf, Node};
use crate::number::{FloatBits, Traced};
use burn_cubecl::cubecl;
use cubecl::ir::Scope;
use cubecl::prelude::*;
use std::collections::HashMap;

/// Computes the loop-invariant values from the parameters.
#[cube]
pub(super) fn loop_invariant<N: Size>(
    params: &Sequence<Vector<f32, N>>,
    #[comptime] program: Program,
) -> Sequence<Vector<f32, N>> {
    intrinsic!(|scope| {
        let graph = graph_of(&program);
        let mut writer = Writer::new(scope, graph);
        for i in 0..program.params() {
            writer.know_leaf(Leaf::Param(i), *params.__expand_index_method(scope, i.into()));
        }
        let mut loop_invariant = Sequence::__expand_new(scope);
        for value in writer.write(&program.loop_invariant) {
            loop_invariant.__expand_push_method(scope, value);
        }
        loop_invariant
    })
}

/// Computes one step: updates the state and returns the output.
#[cube]
pub(super) fn step<N: Size>(
    loop_invariant: &Sequence<Vector<f32, N>>,
    state: &mut Array<Vector<f32, N>>,
    input: &Sequence<Vector<f32, N>>,
    #[comptime] program: Program,
) -> Vector<f32, N> {
    intrinsic!(|scope| {
        let mut writer = Writer::new(scope, graph_of(&program));
        for (i, &id) in program.loop_invariant.iter().enumerate() {
            writer.know(id, *loop_invariant.__expand_index_method(scope, i.into()));
        }
        for k in 0..program.states() {
            writer.know_leaf(Leaf::State(k), get::expand(scope, state, k.into()));
        }
        for i in 0..program.inputs() {
            writer.know_leaf(Leaf::Input(i), *input.__expand_index_method(scope, i.into()));
        }
        let roots: Vec<Id> = program.equations.roots().collect();
        let values = writer.write(&roots);
        for (k, &next) in values[1..].iter().enumerate() {
            put::expand(scope, state, k.into(), next);
        }
        values[0]
    })
}

/// Computes the adjoint of one step: `carried` is the gradient of the state after it on entry, and of the state
/// before it on return. Returns the gradients of the inputs at this step, unless they are sums over time.
#[cube]
pub(super) fn step_back<N: Size>(
    before: &Array<Vector<f32, N>>,
    offset: usize,
    loop_invariant: &Sequence<Vector<f32, N>>,
    input: &Sequence<Vector<f32, N>>,
    from_output: Vector<f32, N>,
    from_traces: &Sequence<Vector<f32, N>>,
    carried: &mut Array<Vector<f32, N>>,
    sums: &mut Array<Vector<f32, N>>,
    #[comptime] program: Program,
) -> Sequence<Vector<f32, N>> {
    intrinsic!(|scope| {
        let adjoint = program.adjoint();
        let mut writer = Writer::new(scope, graph_of(&program));
        for (i, &id) in program.loop_invariant.iter().enumerate() {
            writer.know(id, *loop_invariant.__expand_index_method(scope, i.into()));
        }
        for k in 0..program.states() {
            let index = plus::expand(scope, offset, k.into());
            writer.know_leaf(Leaf::State(k), get::expand(scope, before, index));
            writer.know_leaf(Leaf::StateGradient(k), get::expand(scope, carried, k.into()));
        }
        for i in 0..program.inputs() {
            writer.know_leaf(Leaf::Input(i), *input.__expand_index_method(scope, i.into()));
        }
        writer.know_leaf(Leaf::OutputGradient, from_output);
        for j in 0..program.traces.len() {
            writer.know_leaf(Leaf::TraceGradient(j), *from_traces.__expand_index_method(scope, j.into()));
        }
        for i in 0..program.sums() {
            writer.know_leaf(Leaf::Sum(i), get::expand(scope, sums, i.into()));
        }

        let states: Vec<Id> = adjoint.states.iter().flatten().copied().collect();
        let inputs = &adjoint.inputs[..program.each_step()];
        let mut values = writer.write(&[&states, &adjoint.sums, inputs].concat()).into_iter();
        for (k, gradient) in adjoint.states.iter().enumerate() {
            let passed = match gradient {
                Some(_) => values.next(),
                None => None,
            };
            let passed = passed.unwrap_or_else(|| Traced::<N>::literal(scope, 0.0).value);
            put::expand(scope, carried, k.into(), passed);
        }
        for (i, sum) in values.by_ref().take(program.sums()).enumerate() {
            put::expand(scope, sums, i.into(), sum);
        }
        let mut gradient = Sequence::__expand_new(scope);
        for value in values {
            gradient.__expand_push_method(scope, value);
        }
        gradient
    })
}

/// Computes the gradients of the parameters from the sums over all steps.
#[cube]
pub(super) fn params_back<N: Size>(
    params: &Sequence<Vector<f32, N>>,
    sums: &Array<Vector<f32, N>>,
    #[comptime] program: Program,
) -> Sequence<Vector<f32, N>> {
    intrinsic!(|scope| {
        let mut writer = Writer::new(scope, graph_of(&program));
        for i in 0..program.params() {
            writer.know_leaf(Leaf::Param(i), *params.__expand_index_method(scope, i.into()));
        }
        for i in 0..program.sums() {
            writer.know_leaf(Leaf::Sum(i), get::expand(scope, sums, i.into()));
        }
        let mut gradient = Sequence::__expand_new(scope);
        for value in writer.write(&program.adjoint().params) {
            gradient.__expand_push_method(scope, value);
        }
        gradient
    })
}

fn graph_of(program: &Program) -> &Graph {
    program.adjoint.as_ref().map_or(&program.equations.graph, |adjoint| &adjoint.graph)
}

/// Writes each node of a graph into a kernel once.
struct Writer<'a, N: Size> {
    scope: &'a Scope,
    graph: &'a Graph,
    known: HashMap<Id, Traced<'a, N>>,
}

impl<'a, N: Size> Writer<'a, N> {
    fn new(scope: &'a Scope, graph: &'a Graph) -> Self {
        Writer { scope, graph, known: HashMap::new() }
    }

    fn know(&mut self, id: Id, value: NativeExpand<Vector<f32, N>>) {
        self.known.insert(id, Traced { scope: self.scope, value });
    }

    /// Gives the value of a leaf, if the graph has it.
    fn know_leaf(&mut self, leaf: Leaf, value: NativeExpand<Vector<f32, N>>) {
        if let Some(id) = self.graph.find(leaf) {
            self.know(id, value);
        }
    }

    fn write(&mut self, roots: &[Id]) -> Vec<NativeExpand<Vector<f32, N>>> {
        roots.iter().map(|&id| self.value(id).value).collect()
    }

    fn value(&mut self, id: Id) -> Traced<'a, N> {
        let id = self.graph.resolve(id);
        if let Some(&value) = self.known.get(&id) {
            return value;
        }
        let value = match *self.graph.node(id) {
            Node::Leaf(leaf) => unreachable!("{leaf:?} was not given"),
            Node::Literal(bits) => Traced::literal(self.scope, f32::from_bits(bits)),
            Node::Slopes(..) => unreachable!("resolved to its value"),
            Node::Unary(op, a) => self.value(a).unary(op),
            Node::Binary(op, a, b) => {
                let a = self.value(a);
                a.binary(op, self.value(b))
            }
            Node::Select(mask, a, b) => {
                let (mask, a) = (self.value(mask), self.value(a));
                FloatBits::select(mask, a, self.value(b))
            }
        };
        self.known.insert(id, value);
        value
    }
}

#[cube]
fn get<N: Size>(from: &Array<Vector<f32, N>>, index: usize) -> Vector<f32, N> {
    from[index]
}
#[cube]
fn put<N: Size>(to: &mut Array<Vector<f32, N>>, index: usize, value: Vector<f32, N>) {
    to[index] = value;
}
#[cube]
fn plus(a: usize, b: usize) -> usize {
    a + b
}
