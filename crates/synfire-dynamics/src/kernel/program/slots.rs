//! Assigns slots to the values of a program: literals, leaves, loop-invariant values, results, registers.

use crate::graph::{Graph, Id, Leaf};
use crate::kernel::code::{Code, Op, Slot, Uniform, assemble};
use std::collections::HashMap;

/// A range of slots, one for each value of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SlotRange {
    pub(crate) start: usize,
    pub(crate) len: usize,
}

impl SlotRange {
    pub(crate) fn at(self, index: usize) -> usize {
        debug_assert!(index < self.len);
        self.start + index
    }

    pub(crate) fn slots(self) -> std::ops::Range<usize> {
        self.start..self.start + self.len
    }
}

/// The slots assigned so far.
#[derive(Debug)]
pub(crate) struct Slots {
    slots: HashMap<Id, Slot>,
    /// Number of slots assigned.
    pub(super) count: usize,
    pub(super) literals: Vec<f32>,
    /// Those of parameters and of loop-invariant values.
    invariant: Vec<Slot>,
}

impl Slots {
    /// Assigns the first slots to the literals of the graph.
    pub(super) fn new(graph: &Graph) -> Self {
        let mut all = Slots { slots: HashMap::new(), count: 0, literals: vec![], invariant: vec![] };
        for (id, _) in graph.nodes() {
            if let Some(value) = graph.value(id) {
                let slot = all.reserve(1).start;
                all.put(id, slot);
                all.literals.push(value);
            }
        }
        all
    }

    /// Assigns `len` slots.
    pub(super) fn reserve(&mut self, len: usize) -> SlotRange {
        self.count += len;
        SlotRange { start: self.count - len, len }
    }

    pub(super) fn put(&mut self, id: Id, slot: usize) {
        self.slots.insert(id, slot as Slot);
    }

    /// Assigns a slot to each leaf of a kind; adds the leaf to the graph if it is not there.
    pub(super) fn leaves(&mut self, graph: &mut Graph, len: usize, leaf: impl Fn(usize) -> Leaf) -> SlotRange {
        let range = self.reserve(len);
        for i in 0..len {
            let leaf = leaf(i);
            if matches!(leaf, Leaf::Param(_)) {
                self.invariant.push(range.at(i) as Slot);
            }
            let id = graph.leaf(leaf);
            self.put(id, range.at(i));
        }
        range
    }

    /// Assigns slots to the loop-invariant values that the code of `roots` needs; returns their nodes too.
    pub(super) fn loop_invariant(&mut self, graph: &Graph, roots: &[Id]) -> (Vec<Id>, SlotRange) {
        let loop_invariant = graph.loop_invariant(roots);
        let loop_invariant: Vec<Id> = loop_invariant.into_iter().filter(|id| !self.slots.contains_key(id)).collect();
        let range = self.reserve(loop_invariant.len());
        for (i, &id) in loop_invariant.iter().enumerate() {
            self.put(id, range.at(i));
        }
        self.invariant.extend(range.slots().map(|slot| slot as Slot));
        (loop_invariant, range)
    }

    /// Compiles nodes, each into its slot.
    pub(super) fn assemble(&self, graph: &Graph, roots: &[(Id, usize)]) -> Code {
        let roots: Vec<_> = roots.iter().map(|&(id, slot)| (id, slot as Slot)).collect();
        let uniform = Uniform { literals: self.literals.len() as Slot, params: self.invariant.clone() };
        assemble(graph, &self.slots, &roots, self.count as Slot, uniform)
    }

    /// Compiles the loop-invariant values from parameters and literals alone.
    pub(super) fn prelude(&self, graph: &Graph, ids: &[Id], params: SlotRange, loop_invariant: SlotRange) -> Code {
        let known = self
            .slots
            .iter()
            .filter(|(_, slot)| {
                let slot = usize::from(**slot);
                slot < self.literals.len() || params.slots().contains(&slot)
            })
            .map(|(&id, &slot)| (id, slot))
            .collect();
        let roots: Vec<_> = ids.iter().copied().zip(loop_invariant.slots().map(|slot| slot as Slot)).collect();
        let mut code = assemble(graph, &known, &roots, self.count as Slot, Uniform::default());
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
