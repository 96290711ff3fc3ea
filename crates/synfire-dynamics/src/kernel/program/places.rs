//! Where the numbers of a program lie: literals, leaves, what never changes, results, registers.

use crate::graph::{Graph, Id, Leaf};
use crate::kernel::code::{Code, Op, Place, assemble};
use std::collections::HashMap;

/// A stretch of places, one for each of something.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stretch {
    pub(crate) start: usize,
    pub(crate) len: usize,
}

impl Stretch {
    pub(crate) fn at(self, index: usize) -> usize {
        debug_assert!(index < self.len);
        self.start + index
    }

    pub(crate) fn places(self) -> std::ops::Range<usize> {
        self.start..self.start + self.len
    }
}

/// Which numbers a machine's table has, before literals and registers.
#[derive(Debug)]
pub(crate) struct Places {
    places: HashMap<Id, Place>,
    /// Places taken so far.
    pub(super) count: usize,
    pub(super) literals: Vec<f32>,
}

impl Places {
    /// A place for each literal of the graph; they come first.
    pub(super) fn new(graph: &Graph) -> Self {
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

    pub(super) fn stretch(&mut self, len: usize) -> Stretch {
        self.count += len;
        Stretch { start: self.count - len, len }
    }

    pub(super) fn put(&mut self, id: Id, place: usize) {
        self.places.insert(id, place as Place);
    }

    /// One place for each leaf of a kind, whether the graph has it or not.
    pub(super) fn leaves(&mut self, graph: &mut Graph, len: usize, leaf: impl Fn(usize) -> Leaf) -> Stretch {
        let stretch = self.stretch(len);
        for i in 0..len {
            let id = graph.leaf(leaf(i));
            self.put(id, stretch.at(i));
        }
        stretch
    }

    /// Places for the numbers that never change and that the code of `roots` needs, and what they are.
    pub(super) fn steady(&mut self, graph: &Graph, roots: &[Id]) -> (Vec<Id>, Stretch) {
        let steady = graph.steady(roots);
        let steady: Vec<Id> = steady.into_iter().filter(|id| !self.places.contains_key(id)).collect();
        let stretch = self.stretch(steady.len());
        for (i, &id) in steady.iter().enumerate() {
            self.put(id, stretch.at(i));
        }
        (steady, stretch)
    }

    pub(super) fn assemble(&self, graph: &Graph, roots: &[(Id, usize)]) -> Code {
        let roots: Vec<_> = roots.iter().map(|&(id, place)| (id, place as Place)).collect();
        assemble(graph, &self.places, &roots, self.count as Place)
    }

    /// Computes the steady numbers from the parameters and literals alone.
    pub(super) fn prelude(&self, graph: &Graph, ids: &[Id], params: Stretch, steady: Stretch) -> Code {
        let known = self
            .places
            .iter()
            .filter(|(_, place)| {
                let place = usize::from(**place);
                place < self.literals.len() || params.places().contains(&place)
            })
            .map(|(&id, &place)| (id, place))
            .collect();
        let roots: Vec<_> = ids.iter().copied().zip(steady.places().map(|place| place as Place)).collect();
        let mut code = assemble(graph, &known, &roots, self.count as Place);
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
}
