//! Division of the batch into tasks, and rows of the inputs.

use crate::kernel::{Tile, row};
use crate::scan::RecurrentSpec;

/// Samples that one task takes through all steps: as many rows as a dense product computes at once.
pub(super) const SAMPLES: usize = 8;

impl RecurrentSpec {
    /// Steps that a row of the inputs lasts.
    pub(super) fn hold(&self) -> usize {
        self.scan.steps / self.rows
    }

    /// Row of input `i` at step `t`.
    pub(super) fn input<'a>(&self, inputs: &'a [f32], i: usize, t: usize) -> &'a [f32] {
        row(inputs, i * self.rows + t / self.hold(), self.scan.plane())
    }

    /// The parts of the plane that tasks take through time: [`SAMPLES`] samples each, the last one what is left.
    pub(super) fn tiles(&self) -> Vec<Tile> {
        let (neurons, plane) = (self.scan.neurons, self.scan.plane());
        let size = SAMPLES * neurons;
        (0..plane).step_by(size.max(1)).map(|start| Tile { start, len: size.min(plane - start) }).collect()
    }

    /// Length of the longest tile.
    pub(super) fn longest(&self) -> usize {
        (SAMPLES * self.scan.neurons).min(self.scan.plane())
    }
}
