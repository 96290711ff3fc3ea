//! The inner loops: a row of results in registers, and all events that touch it.
#![allow(unsafe_code)]

use super::columns::Events;
use super::layout::{LANES, Layout};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use core::ops::Range;

/// Runs a block for `$j` = 0, 1, .. below `$n` with `$j` a constant, so that what it indexes are registers.
macro_rules! unroll {
    ($j:ident < $n:expr, $block:block) => { unroll!(@ $j, $n, $block; 0 1 2 3 4 5 6 7 8 9 10 11 12 13) };
    (@ $j:ident, $n:expr, $block:block; $($i:literal)*) => { $({
        const $j: usize = $i;
        if $j < $n $block
    })* };
}
pub(super) use unroll;

impl Layout {
    /// Fills a block of results with the values of its lanes.
    pub(super) fn fill(&self, lanes: &[f32; LANES], block: &mut [f32]) {
        dispatch!(self.isa, fill(lanes: &[f32; LANES], block: &mut [f32]) -> ());
    }

    /// Adds to a block of results what the events of a tile of the inputs give.
    pub(super) fn add(&self, events: Events<'_>, weights: &[f32], block: &mut [f32]) {
        self.check(events, weights.len(), block.len());
        let layout = self;
        dispatch!(self.isa, add(layout: &Layout, events: Events<'_>, weights: &[f32], block: &mut [f32]) -> ());
    }

    /// Adds to the weights of a tile of the inputs and a block of the results their gradient, from that of the results.
    pub(super) fn add_gradient(&self, events: Events<'_>, block: &[f32], weights: &mut [f32]) {
        self.check(events, weights.len(), block.len());
        let layout = self;
        dispatch!(self.isa, add_gradient(layout: &Layout, events: Events<'_>, block: &[f32], weights: &mut [f32]) -> ());
    }

    fn check(&self, events: Events<'_>, weights: usize, block: usize) {
        assert!(weights >= self.weights() && block == self.output_block(), "a tile of another size");
        assert!(events.starts.len() == self.input_places() + 1, "events of another size");
    }
}

/// Calls a function with the width of the kernel, the results of a row and the registers of a block that it sums at
/// once, and whether events have values, as constants. Sums of wide registers are as many as a processor has;
/// narrow ones are two for each result, for a chain of single additions would wait for each other.
macro_rules! specialised {
    ($f:ident::<$s:ident>($layout:expr, $events:expr, $($x:expr),*)) => {{
        match ($s::LANES, $layout.kernel[1], $events.values.is_empty()) {
            (LANES, 3, true) => $f::<$s, 3, 8, 1, false>($layout, $events, $($x),*),
            (LANES, 3, false) => $f::<$s, 3, 8, 1, true>($layout, $events, $($x),*),
            (LANES, 5, true) => $f::<$s, 5, 8, 1, false>($layout, $events, $($x),*),
            (LANES, 5, false) => $f::<$s, 5, 8, 1, true>($layout, $events, $($x),*),
            (LANES, 7, true) => $f::<$s, 7, 8, 1, false>($layout, $events, $($x),*),
            (LANES, 7, false) => $f::<$s, 7, 8, 1, true>($layout, $events, $($x),*),
            (8, 3, true) => $f::<$s, 3, 4, 2, false>($layout, $events, $($x),*),
            (8, 3, false) => $f::<$s, 3, 4, 2, true>($layout, $events, $($x),*),
            (8, 5, true) => $f::<$s, 5, 4, 2, false>($layout, $events, $($x),*),
            (8, 5, false) => $f::<$s, 5, 4, 2, true>($layout, $events, $($x),*),
            (8, 7, true) => $f::<$s, 7, 4, 2, false>($layout, $events, $($x),*),
            (8, 7, false) => $f::<$s, 7, 4, 2, true>($layout, $events, $($x),*),
            _ => unreachable!("a layout has no other widths, nor a set of instructions other registers"),
        }
    }};
}

#[inline(always)]
fn add<S: Simd>(layout: &Layout, events: Events<'_>, weights: &[f32], block: &mut [f32]) {
    specialised!(add_rows::<S>(layout, events, weights, block));
}

#[inline(always)]
fn add_gradient<S: Simd>(layout: &Layout, events: Events<'_>, block: &[f32], weights: &mut [f32]) {
    specialised!(add_gradient_rows::<S>(layout, events, block, weights));
}

#[inline(always)]
fn fill<S: Simd>(lanes: &[f32; LANES], block: &mut [f32]) {
    for lane in (0..LANES).step_by(S::LANES) {
        // SAFETY: registers are parts of arrays of as many values as there are lanes.
        unsafe {
            let register = S::load(lanes[lane..].as_ptr());
            block.as_chunks_mut::<LANES>().0.iter_mut().for_each(|to| register.store(to[lane..].as_mut_ptr()));
        }
    }
}

#[allow(clippy::absurd_extreme_comparisons)] // the first column that is unrolled is 0
#[inline(always)]
fn add_rows<S: Simd, const K: usize, const TILE: usize, const NV: usize, const VALUES: bool>(
    layout: &Layout,
    events: Events<'_>,
    weights: &[f32],
    block: &mut [f32],
) {
    // a step that the compiler does not know: it would unroll the short loops over events
    let one = std::hint::black_box(1);
    each_tile::<TILE>(layout, |first, rows, column, from| {
        let weights = weights.as_ptr().wrapping_offset(from * (K * LANES) as isize);
        // SAFETY: a tile is within the block. An event's row is among `rows`, so that with `from` its code is the index
        // of a row of the weights.
        unsafe {
            let to = block.as_mut_ptr().add(first);
            let mut sums = [[S::splat(0.0); NV]; TILE];
            unroll!(J < TILE, { sums[J] = load(to.add(J * LANES)) });
            unroll!(J < TILE + K - 1, {
                each_event::<VALUES>(layout, events, column + J, &rows, one, |code, value| {
                    let weights = weights.wrapping_add(code * (K * LANES));
                    for kx in 0..K {
                        if J.wrapping_sub(kx) < TILE {
                            let weight: [S; NV] = load(weights.add(kx * LANES));
                            for (sum, weight) in sums[J - kx].iter_mut().zip(weight) {
                                *sum = sum.add(if VALUES { weight.mul(S::splat(value)) } else { weight });
                            }
                        }
                    }
                });
            });
            unroll!(J < TILE, { store(sums[J], to.add(J * LANES)) });
        }
    });
}

#[allow(clippy::absurd_extreme_comparisons)] // the first column that is unrolled is 0
#[inline(always)]
fn add_gradient_rows<S: Simd, const K: usize, const TILE: usize, const NV: usize, const VALUES: bool>(
    layout: &Layout,
    events: Events<'_>,
    block: &[f32],
    weights: &mut [f32],
) {
    // a step that the compiler does not know: it would unroll the short loops over events
    let one = std::hint::black_box(1);
    each_tile::<TILE>(layout, |first, rows, column, from| {
        let weights = weights.as_mut_ptr().wrapping_offset(from * (K * LANES) as isize);
        // SAFETY: as in `add_rows`.
        unsafe {
            let from = block.as_ptr().add(first);
            let mut gradient = [[S::splat(0.0); NV]; TILE];
            unroll!(J < TILE, { gradient[J] = load(from.add(J * LANES)) });
            unroll!(J < TILE + K - 1, {
                each_event::<VALUES>(layout, events, column + J, &rows, one, |code, value| {
                    let weights = weights.wrapping_add(code * (K * LANES));
                    for kx in 0..K {
                        if J.wrapping_sub(kx) < TILE {
                            let mut sums: [S; NV] = load(weights.add(kx * LANES));
                            for (sum, part) in sums.iter_mut().zip(gradient[J - kx]) {
                                *sum = sum.add(if VALUES { part.mul(S::splat(value)) } else { part });
                            }
                            store(sums, weights.add(kx * LANES));
                        }
                    }
                });
            });
        }
    });
}

/// The registers of a block at one place.
///
/// # Safety
///
/// `from` points to as many values.
#[inline(always)]
unsafe fn load<S: Simd, const NV: usize>(from: *const f32) -> [S; NV] {
    // SAFETY: as the caller says.
    core::array::from_fn(|i| unsafe { S::load(from.add(i * S::LANES)) })
}

/// # Safety
///
/// `to` points to room for as many values.
#[inline(always)]
unsafe fn store<S: Simd, const NV: usize>(registers: [S; NV], to: *mut f32) {
    for (i, register) in registers.into_iter().enumerate() {
        // SAFETY: as the caller says.
        unsafe { register.store(to.add(i * S::LANES)) }
    }
}

/// Calls `run` for each tile of results that some row of the input reaches: index of its first value in the block, rows of
/// the input, column of the padded input, and what added to a code makes it the row of the weights that the event meets.
#[inline(always)]
fn each_tile<const TILE: usize>(layout: &Layout, mut run: impl FnMut(usize, Range<usize>, usize, isize)) {
    assert_eq!(layout.tile(), TILE, "rows of other tiles");
    for y in 0..layout.output[0] {
        let (rows, from) = rows_of(layout, y);
        if rows.is_empty() {
            continue;
        }
        for x in (0..layout.row()).step_by(TILE) {
            run((y * layout.row() + x) * LANES, rows.clone(), x, from);
        }
    }
}

/// Rows of the input that a row of the results sees, and what added to an event's code makes it the row of the weights
/// that the event meets.
#[inline(always)]
pub(super) fn rows_of(layout: &Layout, y: usize) -> (Range<usize>, isize) {
    let before = layout.before[0];
    let rows = y.saturating_sub(before)..(y + layout.kernel[0]).saturating_sub(before).min(layout.input[0]);
    (rows, (before as isize - y as isize) * layout.channels as isize)
}

/// Calls `run` with code and value of each event of a column of the padded input in these rows of the input, in steps of
/// `one`.
///
/// # Safety
///
/// The events are of this layout, and the rows within its input.
#[inline(always)]
pub(super) unsafe fn each_event<const VALUES: bool>(
    layout: &Layout,
    events: Events<'_>,
    column: usize,
    rows: &Range<usize>,
    one: usize,
    mut run: impl FnMut(usize, f32),
) {
    let [height, width] = layout.input;
    let column = column.wrapping_sub(layout.before[1]);
    if column >= width {
        return;
    }
    // SAFETY: there is a start for each column and row and one more; they are indices of events.
    unsafe {
        let starts = events.starts.as_ptr().add(column * height);
        let (mut i, end) = (*starts.add(rows.start) as usize, *starts.add(rows.end) as usize);
        while i < end {
            let value = if VALUES { *events.values.get_unchecked(i) } else { 1.0 };
            run(*events.codes.get_unchecked(i) as usize, value);
            i += one;
        }
    }
}
