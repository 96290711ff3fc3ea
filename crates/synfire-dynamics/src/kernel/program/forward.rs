//! The program of a scan.

use super::{Common, Kept, Places, kept};
use crate::graph::{Equations, Id, Leaf};
use std::sync::{Arc, LazyLock, Mutex};

#[derive(Debug)]
pub(crate) struct Forward {
    pub(crate) common: Common,
    /// Place of the output.
    pub(crate) output: usize,
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
        let prelude = places.prelude(&graph, &steady_ids, params, steady);

        let ends = core::iter::once(output).chain(after.places());
        let step = places.assemble(&graph, &roots.into_iter().zip(ends).collect::<Vec<_>>());
        let table = places.count + prelude.registers.max(step.registers);
        let common = Common { literals: places.literals, params, prelude, before, after, inputs, step, table };
        Forward { common, output }
    }
}
