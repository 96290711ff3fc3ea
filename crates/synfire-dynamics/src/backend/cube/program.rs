//! What a kernel needs to know: some when it is compiled, some when it is launched.

use crate::graph::{Adjoint, Equations, Id};
use burn_cubecl::cubecl;
use cubecl::prelude::*;
use std::sync::Arc;

/// What a kernel is traced from. Two scans with equal programs share a compiled kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Program {
    pub(super) equations: Arc<Equations>,
    /// Backward only.
    pub(super) adjoint: Option<Arc<Adjoint>>,
    /// What the steps need of the parameters, in the graph of the adjoint if there is one.
    pub(super) loop_invariant: Vec<Id>,
    /// Whether the inputs are the same at every step.
    pub(super) constant_input: bool,
    /// Whether all neurons start from the same state.
    pub(super) uniform_start: bool,
    /// States to record, or recorded ones that a gradient arrives at.
    pub(super) traces: Vec<usize>,
    /// Steps that the adjoint recomputes at a time.
    pub(super) segment: usize,
    /// Whether one segment is enough.
    pub(super) single: bool,
}

impl Program {
    pub(super) fn states(&self) -> usize {
        self.equations.states()
    }

    pub(super) fn inputs(&self) -> usize {
        self.equations.inputs
    }

    pub(super) fn params(&self) -> usize {
        self.equations.params
    }

    pub(super) fn adjoint(&self) -> &Adjoint {
        self.adjoint.as_deref().unwrap_or_else(|| unreachable!("only the adjoint's kernel asks"))
    }

    /// Sums over time.
    pub(super) fn sums(&self) -> usize {
        self.adjoint().sums.len()
    }

    /// Gradients of inputs that a step has.
    pub(super) fn each_step(&self) -> usize {
        if self.constant_input { 0 } else { self.adjoint().inputs.len() }
    }

    /// Gradients of inputs that stay the same: the last sums.
    pub(super) fn over_time(&self) -> usize {
        if self.constant_input { self.adjoint().inputs.len() } else { 0 }
    }

    /// Parameters that learn.
    pub(super) fn learn(&self) -> usize {
        self.adjoint().params.len()
    }
}

/// Where each parameter's numbers start, and how many neighbouring neurons share one.
#[derive(CubeType, CubeLaunch)]
pub(super) struct ParamLayout {
    pub(super) starts: Sequence<usize>,
    pub(super) shares: Sequence<usize>,
}

/// Sizes known only when a kernel is launched, in vectors of neurons but for `neurons`.
#[derive(CubeType, CubeLaunch)]
pub(super) struct Sizes {
    pub(super) steps: usize,
    pub(super) plane: usize,
    pub(super) neurons: usize,
}
