//! A max pool over a block of results while it is in cache, and its adjoint.
#![allow(unsafe_code)]

use super::SPARSE;
use super::layout::{LANES, Layout};
use crate::kernel::Isa;
use crate::number::simd::*;
use crate::product::{density, dispatch};
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

    /// Places of the result.
    pub(super) fn places(self, layout: &Layout) -> usize {
        layout.output[0] / self.height * (layout.output[1] / self.width)
    }

    /// Winners of a block.
    pub(super) fn winners(self, layout: &Layout) -> usize {
        if self == Windows::NONE { 0 } else { self.places(layout) * LANES }
    }

    /// Index of the first value that each result sees in a block.
    fn firsts(self, layout: &Layout) -> impl Iterator<Item = usize> {
        let (row, columns) = (layout.row(), layout.output[1] / self.width);
        let rows = 0..layout.output[0] / self.height;
        rows.flat_map(move |y| (0..columns).map(move |x| (y * self.height * row + x * self.width) * LANES))
    }

    /// Each place of a window, and how far it is from the first one in a block.
    fn offsets(self, layout: &Layout) -> impl Iterator<Item = (usize, usize)> {
        let row = layout.row();
        (0..self.height).flat_map(move |y| (0..self.width).map(move |x| (y * row + x) * LANES)).enumerate()
    }
}

impl Layout {
    /// Writes the largest value of each window, `[place, lane]`, and its winner.
    pub(super) fn largest(&self, windows: Windows, block: &[f32], largest: &mut [f32], winners: &mut [u8]) {
        self.check_pool(windows, block.len(), largest.len(), winners.len());
        if windows == Windows::NONE {
            let results = largest.chunks_exact_mut(LANES).zip(windows.firsts(self));
            return results.for_each(|(to, first)| to.copy_from_slice(&block[first..first + LANES]));
        }
        let layout = self;
        dispatch!(self.isa, find(
            layout: &Layout,
            windows: Windows,
            block: &[f32],
            largest: &mut [f32],
            winners: &mut [u8]
        ) -> ());
    }

    /// Writes the gradient of a block from that of its largest values.
    pub(super) fn spread(&self, windows: Windows, gradient: &[f32], winners: &[u8], block: &mut [f32]) {
        self.check_pool(windows, block.len(), gradient.len(), winners.len());
        if [self.output[0] % windows.height, self.row() % windows.width] != [0, 0] || self.output[1] != self.row() {
            block.fill(0.0);
        }
        if windows == Windows::NONE {
            let results = gradient.chunks_exact(LANES).zip(windows.firsts(self));
            return results.for_each(|(gradient, first)| block[first..first + LANES].copy_from_slice(gradient));
        }
        let layout = self;
        dispatch!(self.isa, spread(
            layout: &Layout,
            windows: Windows,
            gradient: &[f32],
            winners: &[u8],
            block: &mut [f32]
        ) -> ());
    }

    fn check_pool(&self, windows: Windows, block: usize, results: usize, winners: usize) {
        let fits = block == self.output_block() && results == windows.places(self) * LANES;
        assert!(fits && winners == windows.winners(self), "a block of another size");
    }
}

#[inline(always)]
fn find<S: Simd>(layout: &Layout, windows: Windows, block: &[f32], largest: &mut [f32], winners: &mut [u8]) {
    let one = S::splat(1.0);
    let registers = windows.firsts(layout).flat_map(|first| (first..first + LANES).step_by(S::LANES));
    let results = largest.chunks_exact_mut(S::LANES).zip(winners.chunks_exact_mut(S::LANES));
    for ((largest, winners), first) in results.zip(registers) {
        let at = |offset: usize| {
            let from = &block[first + offset..][..S::LANES];
            // SAFETY: a register is read from a slice of its length.
            unsafe { S::load(from.as_ptr()) }
        };
        let (mut most, mut winner) = (at(0), S::splat(0.0));
        for (place, offset) in windows.offsets(layout).skip(1) {
            let value = at(offset);
            // what is not a number is better than any before it, as in PyTorch
            let better = value.greater(most).add(one.sub(value.greater_equal(value)));
            most = S::select(better, value, most);
            winner = S::select(better, S::splat(place as f32), winner);
        }
        let mut places = [0.0; LANES];
        // SAFETY: a register is written to slices of its length, or longer.
        unsafe {
            most.store(largest.as_mut_ptr());
            winner.store(places.as_mut_ptr());
        }
        winners.iter_mut().zip(places).for_each(|(winner, place)| *winner = place as u8);
    }
}

#[inline(always)]
fn spread<S: Simd>(layout: &Layout, windows: Windows, gradient: &[f32], winners: &[u8], block: &mut [f32]) {
    let registers = windows.firsts(layout).flat_map(|first| (first..first + LANES).step_by(S::LANES));
    let results = gradient.chunks_exact(S::LANES).zip(winners.chunks_exact(S::LANES));
    for ((gradient, winners), first) in results.zip(registers) {
        let mut places = [0.0; LANES];
        places.iter_mut().zip(winners).for_each(|(place, winner)| *place = f32::from(*winner));
        // SAFETY: a register is read from a slice of its length, or longer.
        let (gradient, winner) = unsafe { (S::load(gradient.as_ptr()), S::load(places.as_ptr())) };
        for (place, offset) in windows.offsets(layout) {
            let to = &mut block[first + offset..][..S::LANES];
            let lost = winner.sub(S::splat(place as f32));
            // SAFETY: a register is written to a slice of its length.
            unsafe { S::select(lost, S::splat(0.0), gradient).store(to.as_mut_ptr()) };
        }
    }
}
