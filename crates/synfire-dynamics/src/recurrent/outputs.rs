//! Outputs of a layer, as its adjoint reads them.

use crate::SpikeBits;
use crate::kernel::{Tile, row};
use crate::scan::ScanSpec;
use std::borrow::Cow;

/// Outputs of all steps, `[T, B, N]`.
#[derive(Clone, Copy)]
pub(crate) enum Outputs<'a> {
    Values(&'a [f32]),
    Spikes(&'a SpikeBits),
}

impl<'a> Outputs<'a> {
    /// The outputs of a layer: its spikes, where they went as bits.
    pub(crate) fn of(scan: &'a ScanSpec, values: &'a [f32]) -> Self {
        match scan.outlet.as_ref().and_then(|outlet| outlet.spikes()) {
            Some(spikes) => Outputs::Spikes(spikes),
            None => Outputs::Values(values),
        }
    }

    /// Those of a tile at a step.
    pub(super) fn at(self, step: usize, tile: Tile, plane: usize) -> Cow<'a, [f32]> {
        match self {
            Outputs::Values(values) => tile.of(row(values, step, plane)).into(),
            Outputs::Spikes(spikes) => spikes.part(step, tile.start, tile.len).into(),
        }
    }
}
