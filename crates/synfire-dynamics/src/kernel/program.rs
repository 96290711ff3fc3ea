//! The code of a scan, forward and backward, and where its numbers lie.

use super::code::{Code, Op, Place, assemble};
use crate::graph::{Adjoint, Equations, Graph, Id, Leaf, Node, Request};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// A stretch of places, one for each of something.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stretch {
    pub(super) start: usize,
    pub(super) len: usize,
}

impl Stretch {
    pub(super) fn at(self, index: usize) -> usize {
        debug_assert!(index < self.len);
        self.start + index
    }

    pub(super) fn places(self) -> std::ops::Range<usize> {
        self.start..self.start + self.len
    }
}

/// Which numbers a machine's table has, before literals and registers.
#[derive(Debug)]
pub(super) struct Places {
    places: HashMap<Id, Place>,
    count: usize,
    literals: Vec<f32>,
}

impl Places {
    /// A place for each literal of the graph; they come first.
    fn new(graph: &Graph) -> Self {
        let mut all = Places { places: HashMap::new(), count: 0, literals: vec![] };
        for (id, _) in graph.nodes() {
            if let Some(value) = graph.value(id) {
                let place = all.stretch(1).start;
                all.put(id, place);
                all.literals.push(value);
            }
        }
        all
    }

    fn stretch(&mut self, len: usize) -> Stretch {
        self.count += len;
        Stretch { start: self.count - len, len }
    }

    fn put(&mut self, id: Id, place: usize) {
        self.places.insert(id, place as Place);
    }

    /// One place for each leaf of a kind, whether the graph has it or not.
    fn leaves(&mut self, graph: &mut Graph, len: usize, leaf: impl Fn(usize) -> Leaf) -> Stretch {
        let stretch = self.stretch(len);
        for i in 0..len {
            let id = graph.leaf(leaf(i));
            self.put(id, stretch.at(i));
        }
        stretch
    }

    /// Places for the numbers that never change and that the code of `roots` needs, and what they are.
    fn steady(&mut self, graph: &Graph, roots: &[Id]) -> (Vec<Id>, Stretch) {
        let steady = graph.steady(roots);
        let steady: Vec<Id> = steady.into_iter().filter(|id| !self.places.contains_key(id)).collect();
        let stretch = self.stretch(steady.len());
        for (i, &id) in steady.iter().enumerate() {
            self.put(id, stretch.at(i));
        }
        (steady, stretch)
    }

    fn assemble(&self, graph: &Graph, roots: &[(Id, usize)]) -> Code {
        let roots: Vec<_> = roots.iter().map(|&(id, place)| (id, place as Place)).collect();
        assemble(graph, &self.places, &roots, self.count as Place)
    }
}

/// What both directions have.
#[derive(Debug)]
pub(super) struct Common {
    pub(super) literals: Vec<f32>,
    pub(super) params: Stretch,
    /// Computes what never changes from the parameters.
    pub(super) prelude: Code,
    /// States before and after the step.
    pub(super) before: Stretch,
    pub(super) after: Stretch,
    pub(super) inputs: Stretch,
    /// One step.
    pub(super) step: Code,
    /// Places in all.
    pub(super) table: usize,
}

#[derive(Debug)]
pub(crate) struct Forward {
    pub(super) common: Common,
    pub(super) output: usize,
}

#[derive(Debug)]
pub(crate) struct Backward {
    pub(super) common: Common,
    /// The states that the adjoint needs, by number; the step computes no others.
    pub(super) kept: Vec<usize>,
    pub(super) from_output: Option<usize>,
    pub(super) from_state: Stretch,
    pub(super) from_trace: Stretch,
    pub(super) to_state: Stretch,
    /// Gradients of the inputs at this step; nothing if they are not wanted or a sum.
    pub(super) to_input: Stretch,
    /// Sums over time; the last ones are of inputs that stay the same.
    pub(super) sums: Stretch,
    pub(super) to_param: Stretch,
    pub(super) adjoint: Code,
    /// From the sums to the parameters.
    pub(super) postlude: Code,
}

impl Forward {
    pub(crate) fn of(equations: &Arc<Equations>) -> Arc<Self> {
        static KNOWN: Kept<Arc<Equations>, Forward> = LazyLock::new(Mutex::default);
        kept(&KNOWN, equations.clone(), || Self::write(equations))
    }

    fn write(equations: &Equations) -> Self {
        let (mut graph, states) = (equations.graph.clone(), equations.states());
        let mut places = Places::new(&graph);
        let params = places.leaves(&mut graph, equations.params, Leaf::Param);
        let before = places.leaves(&mut graph, states, Leaf::State);
        let inputs = places.leaves(&mut graph, equations.inputs, Leaf::Input);
        let (after, output) = (places.stretch(states), places.stretch(1).start);
        let roots: Vec<Id> = equations.roots().collect();
        let (steady_ids, steady) = places.steady(&graph, &roots);
        let prelude = prelude(&places, &graph, &steady_ids, params, steady);

        let ends = core::iter::once(output).chain(after.places());
        let step = places.assemble(&graph, &roots.into_iter().zip(ends).collect::<Vec<_>>());
        let table = places.count + prelude.registers.max(step.registers);
        let common = Common { literals: places.literals, params, prelude, before, after, inputs, step, table };
        Forward { common, output }
    }
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
        let prelude = prelude(&places, &graph, &steady_ids, params, steady);
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

/// Computes the steady numbers from the parameters and literals alone.
fn prelude(places: &Places, graph: &Graph, ids: &[Id], params: Stretch, steady: Stretch) -> Code {
    let known = places
        .places
        .iter()
        .filter(|(_, place)| {
            let place = usize::from(**place);
            place < places.literals.len() || params.places().contains(&place)
        })
        .map(|(&id, &place)| (id, place))
        .collect();
    let roots: Vec<_> = ids.iter().copied().zip(steady.places().map(|place| place as Place)).collect();
    let mut code = assemble(graph, &known, &roots, places.count as Place);
    // decay factors enter every step: their last digit counts, and there are few of them
    for instruction in &mut code.instructions {
        instruction.op = match instruction.op {
            Op::Exp => Op::PreciseExp,
            Op::Ln => Op::PreciseLn,
            other => other,
        };
    }
    code
}

type Kept<K, P> = LazyLock<Mutex<HashMap<K, Arc<P>>>>;

/// A program, written once.
fn kept<K: Eq + Hash, P>(known: &Kept<K, P>, key: K, write: impl FnOnce() -> P) -> Arc<P> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(key).or_insert_with(|| Arc::new(write())).clone()
}
