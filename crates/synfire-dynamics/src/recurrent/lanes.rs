//! The inner loops of a recurrent layer, compiled for each instruction set.
#![allow(unsafe_code)]

use super::by_neuron::ByNeuron;
use super::events::Lists;
use super::layout::SAMPLES;
use super::rows::{PANEL, Rows, RowsView};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

/// Values of a row that accumulate at once in sums over events: few enough that their part of the weights stays in
/// cache.
const BLOCK: usize = 64;

/// Where a product goes: rows of `base + gain (bias + product)`.
#[derive(Clone, Copy)]
pub(super) struct Affine<'a> {
    /// Rows to add to, without padding; none is zero.
    pub(super) base: Option<&'a [f32]>,
    pub(super) gain: f32,
    /// Padded as the rows of the second factor; none is zero.
    pub(super) bias: Option<&'a [f32]>,
}

impl Isa {
    /// Writes the indices of the values that are not zero. Returns their number, and whether all of them are 1.
    pub(super) fn list(self, x: &[f32], indices: &mut [u32]) -> (usize, bool) {
        assert!(indices.len() >= x.len(), "room for {} events is missing", x.len());
        dispatch!(self, list(x: &[f32], indices: &mut [u32]) -> (usize, bool))
    }

    /// Writes for each sample the sum of the rows of `weights` at its events to a row of `to`, `[samples, columns]`.
    pub(super) fn sum_events(self, lists: Lists<'_>, weights: RowsView<'_>, sum: Affine<'_>, to: &mut [f32]) {
        let columns = check(to, lists.samples(), sum, weights.stride);
        dispatch!(self, sum_events(lists: Lists<'_>, weights: RowsView<'_>, sum: Affine<'_>, columns: usize, to: &mut [f32]) -> ());
    }

    /// Columns that a dense product computes at once, at most [`PANEL`].
    pub(super) fn panel(self) -> usize {
        fn panel<S: Simd>() -> usize {
            2 * S::LANES
        }
        dispatch!(self, panel() -> usize)
    }

    /// Writes the product of [`SAMPLES`] rows with `depth` rows of `factor` to `to`, of which it has `samples` rows.
    pub(super) fn multiply(
        self,
        rows: RowsView<'_>,
        (depth, factor): (usize, RowsView<'_>),
        sum: Affine<'_>,
        (samples, to): (usize, &mut [f32]),
    ) {
        let columns = check(to, samples, sum, usize::MAX);
        let width = self.panel();
        let end =
            columns.saturating_sub(1) / width * width * factor.step + depth.saturating_sub(1) * factor.stride + width;
        assert!(end <= factor.values.len() && samples <= SAMPLES, "the factor is too small");
        assert!((SAMPLES - 1) * rows.stride + depth <= rows.values.len(), "the rows are too short");
        let shape = [samples, depth, columns];
        dispatch!(self, multiply(rows: RowsView<'_>, factor: RowsView<'_>, sum: Affine<'_>, shape: [usize; 3], to: &mut [f32]) -> ());
    }

    /// Adds to the row of `to` of each neuron the rows at its events. Both are padded alike.
    pub(super) fn gather(self, events: &ByNeuron, rows: RowsView<'_>, columns: usize, to: &mut [f32]) {
        let stride = rows.stride;
        let width = columns.next_multiple_of(PANEL);
        assert!(
            width <= stride && events.neurons() * stride <= to.len() && events.rows() * stride <= rows.values.len()
        );
        dispatch!(self, gather(events: &ByNeuron, rows: RowsView<'_>, width: usize, to: &mut [f32]) -> ());
    }

    /// Adds values to sums.
    pub(super) fn accumulate(self, values: &[f32], sum: &mut [f32]) {
        assert_eq!(values.len(), sum.len(), "as many values as sums");
        dispatch!(self, accumulate(values: &[f32], sum: &mut [f32]) -> ());
    }
}

/// Number of columns of a result; fails if its parts do not fit. Rows that are `stride` apart have whole panels.
fn check(to: &[f32], samples: usize, sum: Affine<'_>, stride: usize) -> usize {
    let columns = to.len() / samples.max(1);
    assert_eq!(columns * samples, to.len(), "the last row is not full");
    assert!(stride >= Rows::stride(columns), "the rows are narrower than the result");
    assert!(sum.base.is_none_or(|base| base.len() == to.len()), "the base has another size");
    assert!(sum.bias.is_none_or(|bias| bias.len() >= Rows::stride(columns)), "the bias is not padded");
    columns
}

#[inline(always)]
fn list<S: Simd>(x: &[f32], indices: &mut [u32]) -> (usize, bool) {
    let (mut count, mut others) = (0, 0);
    let mut chunks = x.chunks_exact(64);
    for (chunk, first) in (&mut chunks).zip((0..).step_by(64)) {
        let mut events = 0u64;
        for lane in (0..64).step_by(S::LANES) {
            // SAFETY: a chunk is whole registers.
            let x = unsafe { S::load(chunk.as_ptr().add(lane)) };
            events |= u64::from(x.nonzero()) << lane;
            others |= x.mul(x.sub(S::splat(1.0))).nonzero();
        }
        while events != 0 {
            // SAFETY: there are not more events than values, and there is room for as many.
            unsafe { *indices.get_unchecked_mut(count) = first + events.trailing_zeros() };
            count += 1;
            events &= events - 1;
        }
    }
    let rest = chunks.remainder();
    for (index, &x) in (x.len() - rest.len()..).zip(rest) {
        if x != 0.0 {
            indices[count] = index as u32;
            count += 1;
            others |= u32::from(x != 1.0);
        }
    }
    (count, others == 0)
}

#[inline(always)]
fn sum_events<S: Simd>(lists: Lists<'_>, weights: RowsView<'_>, sum: Affine<'_>, columns: usize, to: &mut [f32]) {
    // all samples of a block of columns: its part of the weights stays in cache
    for start in (0..columns).step_by(BLOCK) {
        let rest = (columns - start).div_ceil(S::LANES);
        for sample in 0..lists.samples() {
            let list = lists.of(sample);
            let place = (sample * columns, start, columns);
            // SAFETY: `check` saw to it that rows are padded to whole panels of columns; indices of events are below
            // the number of neurons, which is that of the rows.
            unsafe {
                match (rest, S::LANES) {
                    (8.., 8) => block::<S, 8>(list, weights, sum, place, to),
                    (4.., 16) => block::<S, 4>(list, weights, sum, place, to),
                    _ => {
                        for r in 0..rest {
                            let place = (sample * columns, start + r * S::LANES, columns);
                            block::<S, 1>(list, weights, sum, place, to);
                        }
                    }
                }
            }
        }
    }
}

/// Sums `R` registers of a row over the events of a sample.
///
/// # Safety
///
/// Rows of `weights` and the bias have `R` registers from the start column on, and each event has a row.
#[inline(always)]
unsafe fn block<S: Simd, const R: usize>(
    list: &[u32],
    weights: RowsView<'_>,
    sum: Affine<'_>,
    place: (usize, usize, usize),
    to: &mut [f32],
) {
    let mut total = [S::splat(0.0); R];
    // SAFETY: as the caller says.
    unsafe {
        if let Some(bias) = sum.bias {
            for (r, total) in total.iter_mut().enumerate() {
                *total = S::load(bias.as_ptr().add(place.1 + r * S::LANES));
            }
        }
        let first = weights.values.as_ptr().add(place.1);
        for &index in list {
            let row = first.add(index as usize * weights.stride);
            for (r, total) in total.iter_mut().enumerate() {
                *total = total.add(S::load(row.add(r * S::LANES)));
            }
        }
    }
    finish(total, sum, place, to);
}

/// Writes `R` registers of a row from a column on, or as much of them as the row has.
#[inline(always)]
fn finish<S: Simd, const R: usize>(
    total: [S; R],
    sum: Affine<'_>,
    (row, start, columns): (usize, usize, usize),
    to: &mut [f32],
) {
    // loops and no closures, which would not be compiled for the instruction set
    let mut total = total;
    for total in &mut total {
        *total = total.mul(S::splat(sum.gain));
    }
    let range = row + start..row + columns.min(start + R * S::LANES);
    let to = &mut to[range.clone()];
    let base = sum.base.map(|base| &base[range]);
    if to.len() == R * S::LANES {
        // SAFETY: both have room for the registers.
        unsafe {
            if let Some(base) = base {
                for (r, total) in total.iter_mut().enumerate() {
                    *total = S::load(base.as_ptr().add(r * S::LANES)).add(*total);
                }
            }
            for (r, total) in total.iter().enumerate() {
                total.store(to.as_mut_ptr().add(r * S::LANES));
            }
        }
        return;
    }
    let mut part = [0.0; BLOCK];
    for (r, total) in total.iter().enumerate() {
        // SAFETY: `R` registers are a block at most.
        unsafe { total.store(part.as_mut_ptr().add(r * S::LANES)) }
    }
    for (i, (to, total)) in to.iter_mut().zip(part).enumerate() {
        *to = base.map_or(total, |base| base[i] + total);
    }
}

#[inline(always)]
fn multiply<S: Simd>(
    rows: RowsView<'_>,
    factor: RowsView<'_>,
    sum: Affine<'_>,
    [samples, depth, columns]: [usize; 3],
    to: &mut [f32],
) {
    // as many sums as hide the latency of an operation, and no more than fit into registers
    match S::LANES {
        16 => multiply_by::<S, 8, 2>(rows, factor, sum, [samples, depth, columns], to),
        _ => multiply_by::<S, 4, 2>(rows, factor, sum, [samples, depth, columns], to),
    }
}

/// The product, `M` rows and `N` registers of columns at a time.
#[inline(always)]
fn multiply_by<S: Simd, const M: usize, const N: usize>(
    rows: RowsView<'_>,
    factor: RowsView<'_>,
    sum: Affine<'_>,
    [samples, depth, columns]: [usize; 3],
    to: &mut [f32],
) {
    for column in (0..columns).step_by(N * S::LANES) {
        let at = column * factor.step;
        for first in (0..samples).step_by(M) {
            let mut start = [S::splat(0.0); N];
            // SAFETY: `Isa::multiply` saw to it that both factors and the bias are large enough.
            let totals: [[S; N]; M] = unsafe {
                if let Some(bias) = sum.bias {
                    for (n, start) in start.iter_mut().enumerate() {
                        *start = S::load(bias.as_ptr().add(column + n * S::LANES));
                    }
                }
                let (rows_at, factor_at) =
                    (rows.values.as_ptr().add(first * rows.stride), factor.values.as_ptr().add(at));
                tile((rows_at, rows.stride), (factor_at, factor.stride), depth, start)
            };
            for (m, totals) in totals.into_iter().enumerate() {
                if first + m < samples {
                    finish(totals, sum, ((first + m) * columns, column, columns), to);
                }
            }
        }
    }
}

/// `start` and the product of `M` rows with `N` registers of columns.
///
/// # Safety
///
/// There are `M` rows of `depth` values, and `depth` rows of `N` registers.
#[inline(always)]
unsafe fn tile<S: Simd, const M: usize, const N: usize>(
    (rows, row_stride): (*const f32, usize),
    (factor, factor_stride): (*const f32, usize),
    depth: usize,
    start: [S; N],
) -> [[S; N]; M] {
    let mut totals = [start; M];
    for k in 0..depth {
        // SAFETY: as the caller says.
        unsafe {
            let from = factor.add(k * factor_stride);
            let mut factor = [S::splat(0.0); N];
            for (n, factor) in factor.iter_mut().enumerate() {
                *factor = S::load(from.add(n * S::LANES));
            }
            for (m, totals) in totals.iter_mut().enumerate() {
                let x = S::splat(*rows.add(m * row_stride + k));
                for (total, factor) in totals.iter_mut().zip(factor) {
                    *total = x.mul_add(factor, *total);
                }
            }
        }
    }
    totals
}

#[inline(always)]
fn gather<S: Simd>(events: &ByNeuron, rows: RowsView<'_>, width: usize, to: &mut [f32]) {
    for start in (0..width).step_by(BLOCK) {
        // the width is a multiple of a panel, half a block
        let wide = start + BLOCK <= width;
        for neuron in 0..events.neurons() {
            let list = events.of(neuron);
            if list.is_empty() {
                continue;
            }
            // SAFETY: rows are `width` wide, each event names one of them, and each neuron has a row to add to, as
            // `Isa::gather` checks.
            unsafe {
                let (from, to) = (rows.values.as_ptr().add(start), to.as_mut_ptr().add(neuron * rows.stride + start));
                match (wide, S::LANES) {
                    (true, 16) => add_rows::<S, 4>(list, from, rows.stride, to),
                    (false, 16) => add_rows::<S, 2>(list, from, rows.stride, to),
                    (true, _) => add_rows::<S, 8>(list, from, rows.stride, to),
                    (false, _) => add_rows::<S, 4>(list, from, rows.stride, to),
                }
            }
        }
    }
}

/// Adds `R` registers of the rows in a list.
///
/// # Safety
///
/// `to` and each row of the list have room for them.
#[inline(always)]
unsafe fn add_rows<S: Simd, const R: usize>(list: &[u32], rows: *const f32, stride: usize, to: *mut f32) {
    let mut total = [S::splat(0.0); R];
    // SAFETY: as the caller says.
    unsafe {
        for (r, total) in total.iter_mut().enumerate() {
            *total = S::load(to.add(r * S::LANES));
        }
        for &index in list {
            let row = rows.add(index as usize * stride);
            for (r, total) in total.iter_mut().enumerate() {
                *total = total.add(S::load(row.add(r * S::LANES)));
            }
        }
        for (r, total) in total.into_iter().enumerate() {
            total.store(to.add(r * S::LANES));
        }
    }
}

#[inline(always)]
fn accumulate<S: Simd>(values: &[f32], sum: &mut [f32]) {
    let (mut sums, mut parts) = (sum.chunks_exact_mut(S::LANES), values.chunks_exact(S::LANES));
    for (sum, part) in (&mut sums).zip(&mut parts) {
        // SAFETY: both are a register.
        unsafe { S::load(sum.as_ptr()).add(S::load(part.as_ptr())).store(sum.as_mut_ptr()) }
    }
    for (sum, x) in sums.into_remainder().iter_mut().zip(parts.remainder()) {
        *sum += x;
    }
}
