//! Where the numbers lie.

use crate::number::Lanes;
use crate::number::simd::Simd;
use core::mem::MaybeUninit;

/// Sizes of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) steps: usize,
    pub(crate) batch: usize,
    pub(crate) neurons: usize,
}

impl Layout {
    pub(crate) fn plane(&self) -> usize {
        self.batch * self.neurons
    }

    /// Neurons that one task walks through time with: whole cache lines, and few enough that their
    /// `states` at every step stay in the second-level cache. Never depends on the thread count.
    pub(super) fn tile(&self, states: usize) -> usize {
        const BUDGET: usize = 64 * 1024; // numbers, a quarter of a MiB
        let fit = BUDGET / (self.steps.max(1) * states.max(1));
        (fit / 64 * 64).clamp(64, 512)
    }

    /// The tiles of the plane, as ranges.
    pub(super) fn tiles(&self, tile: usize) -> impl Iterator<Item = (usize, usize)> {
        let plane = self.plane();
        (0..plane).step_by(tile).map(move |start| (start, tile.min(plane - start)))
    }
}

/// Rows of one plane each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a> {
    values: &'a [f32],
    plane: usize,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(values: &'a [f32], layout: &Layout) -> Self {
        Rows { values, plane: layout.plane() }
    }

    pub(crate) fn count(&self) -> usize {
        self.values.len() / self.plane.max(1)
    }

    /// A tile's stretch of one row.
    #[inline(always)]
    pub(super) fn stretch(&self, row: usize, start: usize, len: usize) -> &'a [f32] {
        &self.values[row * self.plane + start..][..len]
    }
}

/// Cuts rows into the tiles' stretches: for each tile, its part of every row.
pub(super) fn tiles_mut<'a, T>(buffer: &'a mut [T], layout: &Layout, tile: usize) -> Vec<Vec<&'a mut [T]>> {
    let mut tiles: Vec<_> = layout.tiles(tile).map(|_| Vec::new()).collect();
    for row in buffer.chunks_exact_mut(layout.plane().max(1)) {
        for (rows, stretch) in tiles.iter_mut().zip(row.chunks_mut(tile)) {
            rows.push(stretch);
        }
    }
    tiles
}

/// Where each constant's numbers start among the packed ones: a column has one number for the layer,
/// one per channel or one per neuron.
pub(super) fn column<'a>(packed: &'a [f32], lengths: &[usize], index: usize) -> &'a [f32] {
    let start: usize = lengths[..index].iter().sum();
    &packed[start..start + lengths[index]]
}

/// The values of a register of neurons from place `start` of the plane on.
pub(super) fn load_column<S: Simd>(column: &[f32], start: usize, layout: &Layout) -> Lanes<S> {
    if let [one] = column {
        return Lanes::splat(*one);
    }
    let share = layout.neurons / column.len();
    let mut lanes = [0.0; MOST_LANES];
    for (i, lane) in lanes[..S::LANES].iter_mut().enumerate() {
        *lane = column[(start + i) % layout.neurons / share];
    }
    Lanes(S::load(&lanes))
}

/// Adds up what each place of the plane contributes to each number of a column of length `len`.
///
/// In double precision and in a fixed order: the sum does not depend on who computed the parts.
pub(super) fn reduce(plane: &[f32], len: usize, layout: &Layout) -> Vec<f32> {
    let share = layout.neurons / len;
    let mut sums = vec![0f64; len];
    for row in plane.chunks_exact(layout.neurons) {
        for (sum, group) in sums.iter_mut().zip(row.chunks_exact(share)) {
            *sum += group.iter().map(|&x| f64::from(x)).sum::<f64>();
        }
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}

const MOST_LANES: usize = 16;

/// Loads a register from `from[offset..]`, zeros past its end.
#[inline(always)]
pub(super) fn load<S: Simd>(from: &[f32], offset: usize) -> Lanes<S> {
    if offset + S::LANES <= from.len() {
        Lanes(S::load(&from[offset..]))
    } else {
        let rest = &from[offset.min(from.len())..];
        let mut padded = [0.0; MOST_LANES];
        padded[..rest.len()].copy_from_slice(rest);
        Lanes(S::load(&padded))
    }
}

/// Stores the lanes that fit into `to[offset..]`.
#[inline(always)]
pub(super) fn store<S: Simd>(lanes: Lanes<S>, to: &mut [MaybeUninit<f32>], offset: usize) {
    if offset + S::LANES <= to.len() {
        lanes.0.store(&mut to[offset..]);
    } else {
        let mut padded = [MaybeUninit::uninit(); MOST_LANES];
        lanes.0.store(&mut padded);
        let (rest, end) = (to.len().saturating_sub(offset), to.len());
        to[end - rest..].copy_from_slice(&padded[..rest]);
    }
}
