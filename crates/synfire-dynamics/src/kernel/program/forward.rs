//! The program of the forward pass.

use super::{Cache, Common, Slots, cached};
use crate::graph::{Equations, Id, Leaf};
use crate::kernel::code::Slot;
use std::sync::{Arc, LazyLock, Mutex};

#[derive(Debug)]
pub(crate) struct Forward {
    pub(crate) common: Common,
    /// Slot of the output.
    pub(crate) output: usize,
}

impl Forward {
    pub(crate) fn of(equations: &Arc<Equations>) -> Arc<Self> {
        static KNOWN: Cache<Arc<Equations>, Forward> = LazyLock::new(Mutex::default);
        cached(&KNOWN, equations.clone(), || Self::write(equations))
    }

    fn write(equations: &Equations) -> Self {
        let (mut graph, states) = (equations.graph.clone(), equations.states());
        let mut slots = Slots::new(&graph);
        let params = slots.leaves(&mut graph, equations.params, Leaf::Param);
        let before = slots.leaves(&mut graph, states, Leaf::State);
        let inputs = slots.leaves(&mut graph, equations.inputs, Leaf::Input);
        let (after, output) = (slots.reserve(states), slots.reserve(1).start);
        let roots: Vec<Id> = equations.roots().collect();
        let (invariant_ids, loop_invariant) = slots.loop_invariant(&graph, &roots);
        let prelude = slots.prelude(&graph, &invariant_ids, params, loop_invariant);

        let ends = core::iter::once(output).chain(after.slots());
        let mut step = slots.assemble(&graph, &roots.into_iter().zip(ends).collect::<Vec<_>>());
        step.output = Some(output as Slot);
        let table = slots.count + prelude.registers.max(step.registers);
        let common = Common { literals: slots.literals, params, prelude, before, after, inputs, step, table };
        Forward { common, output }
    }
}
