//! Results of two rows in registers, and the largest of each window of a max pool: results are never in memory.
#![allow(unsafe_code)]

use super::columns::Events;
use super::kernels::{each_event, rows_of, unroll};
use super::layout::{LANES, Layout};
use super::pool::{Windows, of_four};
use crate::kernel::{Isa, dispatch};
use crate::memory::Blocks;
use crate::number::simd::*;
use core::ops::Range;

/// Operands of some neighbouring blocks of the results.
#[derive(Clone, Copy)]
pub(super) struct Operands<'a> {
    pub(super) weights: &'a Blocks,
    /// Bias of each block.
    pub(super) bias: &'a [[f32; LANES]],
    /// Number of the first block.
    pub(super) block: usize,
}

impl Layout {
    /// Blocks of a group's results that are pooled in registers at once; 0 where they are not.
    pub(super) fn blocks_pooled_at_once(&self, windows: Windows) -> usize {
        if !windows.are_of_two() || self.input_tiles() > 1 {
            return 0;
        }
        match self.isa {
            // events of one list meet the weights of two blocks
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Avx512Jit => self.output_blocks().min(2),
            _ => 1,
        }
    }

    /// Writes the largest results of windows of two rows and columns, `[block, place, lane]`, and their winners.
    pub(super) fn add_and_pool(
        &self,
        events: Events<'_>,
        operands: Operands<'_>,
        largest: &mut [f32],
        winners: &mut [u8],
    ) {
        let (blocks, places) = (operands.bias.len(), self.output[0] / 2 * (self.output[1] / 2));
        let weights = operands.weights.lines() * LANES;
        assert!((1..=2).contains(&blocks) && self.input_tiles() == 1, "other blocks");
        assert!(weights >= self.weights(), "a tile of another size");
        assert!(operands.weights.values().len() >= (operands.block + blocks) * weights, "weights of another size");
        assert!(events.starts.len() == self.input_places() + 1, "events of another size");
        assert!([largest.len(), winners.len()] == [blocks * places * LANES; 2], "results of another size");
        let layout = self;
        dispatch!(self.isa, add_and_pool(
            layout: &Layout,
            events: Events<'_>,
            operands: Operands<'_>,
            largest: &mut [f32],
            winners: &mut [u8]
        ) -> ());
    }
}

/// Calls a function with the width of the kernel, the results of a row and the registers of a place that are summed at
/// once, those of all `$blocks`, and whether events have values, as constants.
macro_rules! specialised {
    ($f:ident::<$s:ident>, $layout:expr, $events:expr, $blocks:expr, $arguments:tt) => {
        match ($s::LANES, $blocks, $layout.kernel[1], $events.values.is_empty()) {
            (LANES, 1, 3, true) => $f::<$s, 3, 8, 1, false> $arguments,
            (LANES, 1, 3, false) => $f::<$s, 3, 8, 1, true> $arguments,
            (LANES, 1, 5, true) => $f::<$s, 5, 8, 1, false> $arguments,
            (LANES, 1, 5, false) => $f::<$s, 5, 8, 1, true> $arguments,
            (LANES, 1, 7, true) => $f::<$s, 7, 8, 1, false> $arguments,
            (LANES, 1, 7, false) => $f::<$s, 7, 8, 1, true> $arguments,
            (LANES, 2, 3, true) => $f::<$s, 3, 8, 2, false> $arguments,
            (LANES, 2, 3, false) => $f::<$s, 3, 8, 2, true> $arguments,
            (LANES, 2, 5, true) => $f::<$s, 5, 8, 2, false> $arguments,
            (LANES, 2, 5, false) => $f::<$s, 5, 8, 2, true> $arguments,
            (LANES, 2, 7, true) => $f::<$s, 7, 8, 2, false> $arguments,
            (LANES, 2, 7, false) => $f::<$s, 7, 8, 2, true> $arguments,
            (8, 1, 3, true) => $f::<$s, 3, 4, 2, false> $arguments,
            (8, 1, 3, false) => $f::<$s, 3, 4, 2, true> $arguments,
            (8, 1, 5, true) => $f::<$s, 5, 4, 2, false> $arguments,
            (8, 1, 5, false) => $f::<$s, 5, 4, 2, true> $arguments,
            (8, 1, 7, true) => $f::<$s, 7, 4, 2, false> $arguments,
            (8, 1, 7, false) => $f::<$s, 7, 4, 2, true> $arguments,
            _ => unreachable!("a layout has no other widths, nor more blocks at once"),
        }
    };
}
pub(super) use specialised;

#[inline(always)]
fn add_and_pool<S: Simd>(
    layout: &Layout,
    events: Events<'_>,
    operands: Operands<'_>,
    largest: &mut [f32],
    winners: &mut [u8],
) {
    let blocks = operands.bias.len();
    specialised!(each_window::<S>, layout, events, blocks, (layout, events, operands, largest, winners));
}

/// Goes through the windows, two rows of a tile at a time.
#[inline(always)]
fn each_window<S: Simd, const K: usize, const TILE: usize, const NV: usize, const VALUES: bool>(
    layout: &Layout,
    events: Events<'_>,
    operands: Operands<'_>,
    largest: &mut [f32],
    winners: &mut [u8],
) {
    assert_eq!(layout.tile(), TILE, "rows of other tiles");
    let [height, width] = layout.output.map(|places| places / 2);
    let (size, places) = (operands.weights.lines() * LANES, height * width);
    let block = |v: usize| v * S::LANES / LANES;
    let lane = |v: usize| v * S::LANES % LANES;
    let weights = &operands.weights.values()[operands.block * size..];
    let weights = core::array::from_fn(|v| weights[block(v) * size + lane(v)..].as_ptr());
    let bias: [S; NV] = core::array::from_fn(|v| {
        let bias = &operands.bias[block(v)][lane(v)..][..S::LANES];
        // SAFETY: a register is read from a slice of its length.
        unsafe { S::load(bias.as_ptr()) }
    });
    let (largest, winners) = (largest.as_chunks_mut::<LANES>().0, winners.as_chunks_mut::<LANES>().0);
    // a step that the compiler does not know: it would unroll the short loops over events
    let one = std::hint::black_box(1);
    for y in 0..height {
        for x in (0..width * 2).step_by(TILE) {
            let [upper, lower] = [2 * y, 2 * y + 1].map(|y| {
                let (rows, from) = rows_of(layout, y);
                let weights = weights.map(|weights: *const f32| weights.wrapping_offset(from * (K * LANES) as isize));
                // SAFETY: an event's row is among `rows`, so that with `from` its code is the index of a row of the
                // weights.
                unsafe { row::<S, K, TILE, NV, VALUES>(layout, events, weights, bias, &rows, x, one) }
            });
            unroll!(J < TILE / 2, {
                if x / 2 + J < width {
                    for block in 0..NV * S::LANES / LANES {
                        let place = block * places + y * width + x / 2 + J;
                        let mut of_places = [0.0f32; LANES];
                        for lane in (0..LANES).step_by(S::LANES) {
                            let v = (block * LANES + lane) / S::LANES;
                            let [left, right] = [2 * J, 2 * J + 1];
                            let (most, winner) =
                                of_four([upper[left][v], upper[right][v], lower[left][v], lower[right][v]]);
                            // SAFETY: registers are written to a part of as many values as there are lanes.
                            unsafe {
                                most.store(largest[place][lane..].as_mut_ptr());
                                winner.store(of_places[lane..].as_mut_ptr());
                            }
                        }
                        winners[place] = of_places.map(|winner| winner.to_bits() as u8);
                    }
                }
            });
        }
    }
}

/// Results of a tile of a row.
///
/// # Safety
///
/// The events are of this layout. The code of each in these rows is that of a row of the weights.
#[allow(clippy::absurd_extreme_comparisons)] // the first column that is unrolled is 0
#[inline(always)]
unsafe fn row<S: Simd, const K: usize, const TILE: usize, const NV: usize, const VALUES: bool>(
    layout: &Layout,
    events: Events<'_>,
    weights: [*const f32; NV],
    bias: [S; NV],
    rows: &Range<usize>,
    column: usize,
    one: usize,
) -> [[S; NV]; TILE] {
    let mut sums = [bias; TILE];
    if rows.is_empty() {
        return sums;
    }
    unroll!(J < TILE + K - 1, {
        // SAFETY: as the caller says.
        unsafe {
            each_event::<VALUES>(layout, events, column + J, rows, one, |code, value| {
                for kx in 0..K {
                    if J.wrapping_sub(kx) < TILE {
                        for v in 0..NV {
                            let weight = S::load(weights[v].wrapping_add((code * K + kx) * LANES));
                            let sum = &mut sums[J - kx][v];
                            *sum = sum.add(if VALUES { weight.mul(S::splat(value)) } else { weight });
                        }
                    }
                }
            });
        }
    });
    sums
}
