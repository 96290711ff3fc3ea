//! Arguments of the kernels besides tensors: those of their compilation and those of a launch.

use crate::graph::{Adjoint, Equations, Id};
use burn_cubecl::cubecl;
use cubecl::prelude::*;
use std::sync::Arc;

/// Compile-time argument of the kernels. Scans with equal programs share a compiled kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Program {
    pub(super) equations: Arc<Equations>,
    /// The adjoint, for the backward kernel.
    pub(super) adjoint: Option<Arc<Adjoint>>,
    /// Nodes of the loop-invariant values, in the graph of the adjoint if there is one.
    pub(super) loop_invariant: Vec<Id>,
    /// Whether the inputs are constant over time.
    pub(super) constant_input: bool,
    /// Whether all neurons start from the same state.
    pub(super) uniform_start: bool,
    /// Indices of the recorded states; in the adjoint of those with an upstream gradient.
    pub(super) traces: Vec<usize>,
    /// Number of steps that the adjoint recomputes at a time.
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
        self.adjoint.as_deref().unwrap_or_else(|| unreachable!("only the backward kernel has an adjoint"))
    }

    /// Number of sums over time.
    pub(super) fn sums(&self) -> usize {
        self.adjoint().sums.len()
    }

    /// Number of input gradients that each step writes.
    pub(super) fn each_step(&self) -> usize {
        if self.constant_input { 0 } else { self.adjoint().inputs.len() }
    }

    /// Number of gradients of constant inputs, which are the last of the sums over time.
    pub(super) fn over_time(&self) -> usize {
        if self.constant_input { self.adjoint().inputs.len() } else { 0 }
    }

    /// Number of learnable parameters.
    pub(super) fn learnable(&self) -> usize {
        self.adjoint().params.len()
    }
}

/// Start of each parameter among the packed values, and the number of neighbouring neurons that share a value.
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
