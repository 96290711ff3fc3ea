//! Rows and tiles: which part of the tensors a task works on.
//!
//! A row holds a value for each neuron of each sample at one step. Together these `B * N` neurons are the
//! plane; a tile is a range of it.

use crate::scan::{Operands, ScanSpec};

/// Neighbouring neurons of the plane, which one task walks through time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tile {
    pub(crate) start: usize,
    pub(crate) len: usize,
}

impl Tile {
    /// The tile's part of a row.
    pub(crate) fn of(self, row: &[f32]) -> &[f32] {
        &row[self.start..][..self.len]
    }
}

/// Neurons of the largest tile that a task walks through time.
pub(super) const LONGEST: usize = 256;

/// Cuts the plane into tiles so small that `states` values per neuron and step stay in the second-level cache.
/// The cut does not depend on the number of threads.
pub(super) fn tiles(spec: &ScanSpec, states: usize) -> Vec<Tile> {
    const BUDGET: usize = 64 * 1024; // values of f32: a quarter of a MiB
    let fit = BUDGET / (spec.steps.max(1) * states.max(1));
    let (size, plane) = ((fit / 64 * 64).clamp(64, LONGEST), spec.plane());
    (0..plane).step_by(size).map(|start| Tile { start, len: size.min(plane - start) }).collect()
}

/// Row `index` of rows of `plane` values.
pub(crate) fn row(rows: &[f32], index: usize, plane: usize) -> &[f32] {
    &rows[index * plane..][..plane]
}

impl<'a> Operands<&'a [f32]> {
    /// Row of input `i` at step `t`.
    pub(super) fn input(&self, spec: &ScanSpec, i: usize, t: usize) -> &'a [f32] {
        let rows = spec.input_rows();
        row(self.inputs, i * rows + t.min(rows - 1), spec.plane())
    }

    /// Fills a block with the tile's values of state `k` before the first step.
    pub(crate) fn start(&self, spec: &ScanSpec, k: usize, tile: Tile, block: &mut [f32]) {
        match spec.uniform_start {
            true => block.fill(self.initial[k]),
            false => block[..tile.len].copy_from_slice(tile.of(row(self.initial, k, spec.plane()))),
        }
    }
}

/// Sums the contributions of all neurons of the plane to each value of parameter `k`.
///
/// In double precision and in a fixed order, so that the sum does not depend on the number of threads.
pub(crate) fn reduce(plane: &[f32], k: usize, spec: &ScanSpec) -> Vec<f32> {
    let mut sums = vec![0f64; spec.param_lens[k]];
    for row in plane.chunks_exact(spec.neurons.max(1)) {
        for (sum, group) in sums.iter_mut().zip(row.chunks_exact(spec.neurons_per_value(k))) {
            *sum += group.iter().map(|&x| f64::from(x)).sum::<f64>();
        }
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}
