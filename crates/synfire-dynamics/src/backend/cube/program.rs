//! What a kernel needs to know: some when it is compiled, some when it is launched.

use crate::number::{ChosenConstants, ChosenParams};
use crate::scan::active_constants;
use crate::{Dynamics, Fields};
use burn_cubecl::cubecl;
use cubecl::prelude::*;

/// What a kernel is traced from. Two scans with equal programs share a compiled kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Program<D> {
    pub(super) model: D,
    /// Whether the inputs are the same at every step.
    pub(super) constant_input: bool,
    /// Whether all neurons start alike, from one number per state.
    pub(super) alike: bool,
    /// States to record.
    pub(super) traces: Vec<usize>,
    /// Parameters to differentiate.
    pub(super) active: Vec<usize>,
    /// Length of a step, as bits.
    pub(super) dt: u32,
    /// Steps that the adjoint recomputes at a time.
    pub(super) segment: usize,
    /// Whether one segment is enough.
    pub(super) single: bool,
}

impl<D: Dynamics> Program<D> {
    pub(super) const INPUTS: usize = <D::Input<f32> as Fields<f32>>::LEN;
    pub(super) const STATES: usize = <D::State<f32> as Fields<f32>>::LEN;
    pub(super) const PARAMS: usize = <D::Params<f32> as Fields<f32>>::LEN;
    pub(super) const CONSTANTS: usize = <D::Constants<f32> as Fields<f32>>::LEN;

    pub(super) fn dt(&self) -> f32 {
        f32::from_bits(self.dt)
    }

    /// The constants that depend on a differentiated parameter.
    pub(super) fn constants(&self) -> ChosenConstants {
        ChosenConstants(set(active_constants(&self.model, &self.active)))
    }

    pub(super) fn params(&self) -> ChosenParams {
        ChosenParams(set(self.active.iter().copied()))
    }
}

fn set(members: impl IntoIterator<Item = usize>) -> u64 {
    members.into_iter().fold(0, |set, k| set | 1 << k)
}

/// Where each parameter's numbers start, and how many neighbouring neurons share one.
#[derive(CubeType, CubeLaunch)]
pub(super) struct Columns {
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
