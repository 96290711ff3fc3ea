//! A max pool over a block of results while it is in cache, and its adjoint.
#![allow(unsafe_code)]

use super::SPARSE;
use super::layout::{LANES, Layout};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use crate::product::density;
use crate::window::Pool;

/// Height and width of the windows of a max pool, which lie side by side. One of 1 by 1 leaves all as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Windows {
    height: usize,
    width: usize,
}

/// Where in its window each largest value was, row by row.
#[derive(Debug)]
pub(crate) struct Winners {
    pub(super) windows: Windows,
    /// Of each task: `[frame, block, place, lane]`. Empty where there is no pool.
    pub(super) tasks: Vec<Vec<u8>>,
}

impl Winners {
    /// Whether most results have no gradient, from that of the pooled ones: convolving events is faster then.
    pub(crate) fn are_sparse(&self, gradient: &[f32]) -> bool {
        density(gradient) < SPARSE * (self.windows.height * self.windows.width) as f32
    }
}

impl Windows {
    /// No pool.
    pub(crate) const NONE: Windows = Windows { height: 1, width: 1 };

    /// Those of a pool, if there is one; they lie side by side.
    pub(crate) fn of(pool: Option<&Pool>) -> Self {
        assert!(pool.is_none_or(Pool::is_side_by_side), "a pool of other windows");
        let [height, width] = pool.map_or([1, 1], |pool| pool.window.kernel);
        Windows { height, width }
    }

    /// Whether they have two rows and columns.
    pub(super) fn are_of_two(self) -> bool {
        [self.height, self.width] == [2, 2]
    }

    /// Places of the result.
    pub(super) fn places(self, layout: &Layout) -> usize {
        layout.output[0] / self.height * (layout.output[1] / self.width)
    }

    /// Winners of a block.
    pub(super) fn winners(self, layout: &Layout) -> usize {
        if self == Windows::NONE { 0 } else { self.places(layout) * LANES }
    }

    /// The window that each result before the pool is in, column by column; those behind the last one are in none.
    pub(super) fn of_results(self, layout: &Layout) -> impl Iterator<Item = Option<usize>> {
        let ([height, width], [rows, columns]) =
            (layout.output, [layout.output[0] / self.height, layout.output[1] / self.width]);
        let of = move |y: usize, x: usize| (y / self.height, x / self.width);
        (0..width)
            .flat_map(move |x| (0..height).map(move |y| of(y, x)))
            .map(move |(y, x)| (y < rows && x < columns).then_some(y * columns + x))
    }

    /// Calls `run` with the index of the first value that each result sees in a block.
    #[inline(always)]
    fn each(self, layout: &Layout, mut run: impl FnMut(usize)) {
        for y in 0..layout.output[0] / self.height {
            for x in 0..layout.output[1] / self.width {
                run((y * self.height * layout.row() + x * self.width) * LANES);
            }
        }
    }

    /// Calls `run` with each place of a window, and how far it is from the first one in a block.
    #[inline(always)]
    fn each_place(self, layout: &Layout, mut run: impl FnMut(usize, usize)) {
        for y in 0..self.height {
            for x in 0..self.width {
                run(y * self.width + x, (y * layout.row() + x) * LANES);
            }
        }
    }
}

impl Layout {
    /// Writes the largest value of each window, `[place, lane]`, and its winner.
    pub(super) fn largest(&self, windows: Windows, block: &[f32], largest: &mut [f32], winners: &mut [u8]) {
        self.check_pool(windows, block.len(), largest.len(), winners.len());
        let layout = self;
        dispatch!(self.isa, find(
            layout: &Layout,
            windows: Windows,
            block: &[f32],
            largest: &mut [f32],
            winners: &mut [u8]
        ) -> ());
    }

    /// Writes the gradient of a block from that of its largest values, which lie `stride` values apart.
    pub(super) fn spread(&self, windows: Windows, gradient: &[f32], stride: usize, winners: &[u8], block: &mut [f32]) {
        self.check_pool(windows, block.len(), windows.places(self) * LANES, winners.len());
        if [self.output[0] % windows.height, self.row() % windows.width] != [0, 0] || self.output[1] != self.row() {
            block.fill(0.0);
        }
        let layout = self;
        dispatch!(self.isa, spread(
            layout: &Layout,
            windows: Windows,
            gradient: &[f32],
            stride: usize,
            winners: &[u8],
            block: &mut [f32]
        ) -> ());
    }

    /// Adds a bit at `shift + lane` to the mask of each result of a block that has a gradient, column by column; the
    /// gradients of the largest values lie `stride` values apart.
    pub(super) fn mark(
        &self,
        windows: Windows,
        gradient: &[f32],
        stride: usize,
        winners: &[u8],
        shift: usize,
        masks: &mut [u64],
    ) {
        self.check_pool(windows, self.output_block(), windows.places(self) * LANES, winners.len());
        let layout = self;
        dispatch!(self.isa, mark(
            layout: &Layout,
            windows: Windows,
            gradient: &[f32],
            stride: usize,
            winners: &[u8],
            shift: usize,
            masks: &mut [u64]
        ) -> ());
    }

    fn check_pool(&self, windows: Windows, block: usize, results: usize, winners: usize) {
        let fits = block == self.output_block() && results == windows.places(self) * LANES;
        assert!(fits && winners == windows.winners(self), "a block of another size");
    }
}

/// Added to a small whole number, it leaves that number in the lowest bits.
const WHOLE: f32 = 8_388_608.0;

#[inline(always)]
fn find<S: Simd>(layout: &Layout, windows: Windows, block: &[f32], largest: &mut [f32], winners: &mut [u8]) {
    let row = layout.row() * LANES;
    let (mut results, mut winners) =
        (largest.as_chunks_mut::<LANES>().0.iter_mut(), winners.as_chunks_mut::<LANES>().0.iter_mut());
    for y in 0..layout.output[0] / windows.height {
        for x in 0..layout.output[1] / windows.width {
            let Some(result) = results.next() else { return };
            let window = &block[y * windows.height * row + x * windows.width * LANES..];
            let mut places = [0.0f32; LANES];
            for lane in (0..LANES).step_by(S::LANES) {
                // SAFETY: a register is read from a slice of its length.
                let at = |offset: usize| unsafe { S::load(window[lane + offset..][..S::LANES].as_ptr()) };
                let (most, winner) = match windows {
                    Windows { height: 2, width: 2 } => of_four([at(0), at(LANES), at(row), at(row + LANES)]),
                    _ => of_all(layout, windows, at),
                };
                // SAFETY: registers are written to a part of as many values as there are lanes.
                unsafe {
                    most.store(result[lane..].as_mut_ptr());
                    winner.store(places[lane..].as_mut_ptr());
                }
            }
            if let Some(winner) = winners.next() {
                *winner = places.map(|place| place.to_bits() as u8);
            }
        }
    }
}

/// The largest of a window's values and where it is, a number from [`WHOLE`] on; `at` reads what is at an offset.
#[inline(always)]
fn of_all<S: Simd>(layout: &Layout, windows: Windows, at: impl Fn(usize) -> S) -> (S, S) {
    let (mut most, mut winner) = (at(0), S::splat(WHOLE));
    windows.each_place(layout, |place, offset| {
        (most, winner) = better(most, winner, at(offset), S::splat(WHOLE + place as f32));
    });
    (most, winner)
}

/// The same of a window of two rows and columns, in two rounds of which no operation waits for the one before.
#[inline(always)]
pub(super) fn of_four<S: Simd>([a, b, c, d]: [S; 4]) -> (S, S) {
    let sum = a.add(b).add(c.add(d));
    if sum.sub(sum).nonzero() != 0 {
        // one after the other, where some may not be numbers
        let (most, winner) = better(a, S::splat(WHOLE), b, S::splat(WHOLE + 1.0));
        let (most, winner) = better(most, winner, c, S::splat(WHOLE + 2.0));
        return better(most, winner, d, S::splat(WHOLE + 3.0));
    }
    let upper = (S::select_greater(b, a, b, a), S::select_greater(b, a, S::splat(WHOLE + 1.0), S::splat(WHOLE)));
    let lower = (S::select_greater(d, c, d, c), S::select_greater(d, c, S::splat(WHOLE + 3.0), S::splat(WHOLE + 2.0)));
    let most = S::select_greater(lower.0, upper.0, lower.0, upper.0);
    (most, S::select_greater(lower.0, upper.0, lower.1, upper.1))
}

/// A value and its place where it is larger than the largest so far. What is not a number is larger than any before it,
/// as in PyTorch.
#[inline(always)]
fn better<S: Simd>(most: S, winner: S, value: S, place: S) -> (S, S) {
    let better = value.greater(most).add(S::splat(1.0).sub(value.greater_equal(value)));
    (S::select(better, value, most), S::select(better, place, winner))
}

#[inline(always)]
fn spread<S: Simd>(
    layout: &Layout,
    windows: Windows,
    gradient: &[f32],
    stride: usize,
    winners: &[u8],
    block: &mut [f32],
) {
    let mut gradients = gradient.chunks(stride);
    let mut winners = winners.as_chunks::<LANES>().0.iter();
    windows.each(layout, |first| {
        let Some(gradient) = gradients.next() else { return };
        // without a pool there are no winners, and one place
        let winner = winners.next().map_or([0.0; LANES], |winner| winner.map(f32::from));
        for lane in (0..LANES).step_by(S::LANES) {
            // SAFETY: registers are read from a part of as many values as there are lanes.
            let gradient = unsafe { S::load(gradient[lane..][..S::LANES].as_ptr()) };
            // SAFETY: as above.
            let winner = unsafe { S::load(winner[lane..].as_ptr()) };
            windows.each_place(layout, |place, offset| {
                let to = &mut block[first + lane + offset..][..S::LANES];
                let lost = winner.sub(S::splat(place as f32));
                // SAFETY: a register is written to a slice of its length.
                unsafe { S::select(lost, S::splat(0.0), gradient).store(to.as_mut_ptr()) };
            });
        }
    });
}

#[inline(always)]
fn mark<S: Simd>(
    layout: &Layout,
    windows: Windows,
    gradient: &[f32],
    stride: usize,
    winners: &[u8],
    shift: usize,
    masks: &mut [u64],
) {
    let mut gradients = gradient.chunks(stride);
    let mut winners = winners.as_chunks::<LANES>().0.iter();
    for y in (0..=layout.output[0] - windows.height).step_by(windows.height) {
        for x in (0..=layout.output[1] - windows.width).step_by(windows.width) {
            let Some(gradient) = gradients.next() else { return };
            // without a pool there are no winners, and one place
            let winner = winners.next().map_or([0.0; LANES], |winner| winner.map(f32::from));
            for lane in (0..LANES).step_by(S::LANES) {
                // SAFETY: registers are read from slices of their length.
                let gradient = unsafe { S::load(gradient[lane..][..S::LANES].as_ptr()) };
                // SAFETY: as above.
                let winner = unsafe { S::load(winner[lane..].as_ptr()) };
                for place in 0..windows.height * windows.width {
                    let lost = winner.sub(S::splat(place as f32));
                    let won = u64::from(S::select(lost, S::splat(0.0), gradient).nonzero());
                    let at = (x + place % windows.width) * layout.output[0] + y + place / windows.width;
                    masks[at] |= won << (shift + lane);
                }
            }
        }
    }
}
