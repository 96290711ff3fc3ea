//! The inner loops of a recurrent layer, compiled for each instruction set.
#![allow(unsafe_code)]

use super::by_neuron::ByNeuron;
use super::events::Lists;
use super::rows::{PANEL, RowsView};
use super::layout::SAMPLES;
use crate::kernel::Isa;
use crate::number::simd::*;
use crate::product::dispatch;

/// Registers of a row that accumulate at once in sums over events.
const REGISTERS: usize = 4;

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
    /// Writes for each sample the sum of the rows of `weights` at its events to a row of `to`, `[samples, columns]`.
    pub(super) fn sum_events(self, lists: Lists<'_>, weights: RowsView<'_>, sum: Affine<'_>, to: &mut [f32]) {
        let columns = check(to, lists.samples(), sum, weights.stride);
        dispatch!(self, sum_events(lists: Lists<'_>, weights: RowsView<'_>, sum: Affine<'_>, columns: usize, to: &mut [f32]) -> ());
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
        let end = (columns.div_ceil(PANEL).max(1) - 1) * factor.panel + (depth.max(1) - 1) * factor.stride + PANEL;
        assert!(end <= factor.values.len() && samples <= SAMPLES, "the factor is too small");
        assert!((SAMPLES - 1) * rows.stride + depth <= rows.values.len(), "the rows are too short");
        let shape = [samples, depth, columns];
        dispatch!(self, multiply(rows: RowsView<'_>, factor: RowsView<'_>, sum: Affine<'_>, shape: [usize; 3], to: &mut [f32]) -> ());
    }

    /// Adds to the row of `to` of each neuron the rows at its events. Both are padded alike.
    pub(super) fn gather(self, events: &ByNeuron, rows: RowsView<'_>, columns: usize, to: &mut [f32]) {
        let stride = rows.stride;
        let width = columns.next_multiple_of(PANEL);
        assert!(width <= stride && events.neurons() * stride <= to.len() && events.rows() * stride <= rows.values.len());
        dispatch!(self, gather(events: &ByNeuron, rows: RowsView<'_>, width: usize, to: &mut [f32]) -> ());
    }

    /// Adds values to sums.
    pub(super) fn accumulate(self, values: &[f32], sum: &mut [f32]) {
        assert_eq!(values.len(), sum.len(), "as many values as sums");
        dispatch!(self, accumulate(values: &[f32], sum: &mut [f32]) -> ());
    }
}

/// Number of columns of a result; fails if its parts do not fit.
fn check(to: &[f32], samples: usize, sum: Affine<'_>, stride: usize) -> usize {
    let columns = to.len() / samples.max(1);
    assert_eq!(columns * samples, to.len(), "the last row is not full");
    assert!(columns.next_multiple_of(PANEL) <= stride, "the rows are narrower than the result");
    assert!(sum.base.is_none_or(|base| base.len() == to.len()), "the base has another size");
    assert!(sum.bias.is_none_or(|bias| bias.len() >= columns.next_multiple_of(PANEL)), "the bias is not padded");
    columns
}

#[inline(always)]
fn sum_events<S: Simd>(lists: Lists<'_>, weights: RowsView<'_>, sum: Affine<'_>, columns: usize, to: &mut [f32]) {
    // all samples of a block of columns: its part of the weights stays in cache
    for start in (0..columns).step_by(REGISTERS * S::LANES) {
        let registers = (columns - start).div_ceil(S::LANES).min(REGISTERS);
        for sample in 0..lists.samples() {
            let list = lists.of(sample);
            let place = (sample * columns, start, columns);
            // SAFETY: `check` saw to it that rows are padded to whole panels of columns; indices of events are below
            // the number of neurons, which is that of the rows.
            unsafe {
                match registers {
                    1 => block::<S, 1>(list, weights, sum, place, to),
                    2 => block::<S, 2>(list, weights, sum, place, to),
                    3 => block::<S, 3>(list, weights, sum, place, to),
                    _ => block::<S, REGISTERS>(list, weights, sum, place, to),
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
    (row, start, columns): (usize, usize, usize),
    to: &mut [f32],
) {
    let mut total = [S::splat(0.0); R];
    // SAFETY: as the caller says.
    unsafe {
        if let Some(bias) = sum.bias {
            for (r, total) in total.iter_mut().enumerate() {
                *total = S::load(bias.as_ptr().add(start + r * S::LANES));
            }
        }
        let first = weights.values.as_ptr().add(start);
        for &index in list {
            let row = first.add(index as usize * weights.stride);
            for (r, total) in total.iter_mut().enumerate() {
                *total = total.add(S::load(row.add(r * S::LANES)));
            }
        }
    }
    for (r, total) in total.into_iter().enumerate() {
        finish(total, sum, (row, start + r * S::LANES, columns), to);
    }
}

/// Writes a register of a row, or as much of it as the row has.
#[inline(always)]
fn finish<S: Simd>(total: S, sum: Affine<'_>, (row, column, columns): (usize, usize, usize), to: &mut [f32]) {
    let range = row + column..row + columns.min(column + S::LANES);
    let total = if sum.gain == 1.0 { total } else { total.mul(S::splat(sum.gain)) };
    let to = &mut to[range.clone()];
    let base = sum.base.map(|base| &base[range]);
    if to.len() == S::LANES {
        // SAFETY: both have room for a register.
        unsafe {
            let total = base.map_or(total, |base| S::load(base.as_ptr()).add(total));
            total.store(to.as_mut_ptr());
        }
        return;
    }
    let mut part = [0.0; 16];
    // SAFETY: a register has at most 16 values.
    unsafe { total.store(part.as_mut_ptr()) }
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
    match S::LANES {
        16 => multiply_by::<S, 8>(rows, factor, sum, [samples, depth, columns], to),
        // fewer registers of fewer lanes
        _ => multiply_by::<S, 4>(rows, factor, sum, [samples, depth, columns], to),
    }
}

/// The product, `M` rows and two registers of columns at a time.
#[inline(always)]
fn multiply_by<S: Simd, const M: usize>(
    rows: RowsView<'_>,
    factor: RowsView<'_>,
    sum: Affine<'_>,
    [samples, depth, columns]: [usize; 3],
    to: &mut [f32],
) {
    for column in (0..columns).step_by(2 * S::LANES) {
        let at = column / PANEL * factor.panel + column % PANEL;
        for first in (0..samples).step_by(M) {
            let mut start = [S::splat(0.0); 2];
            // SAFETY: `Isa::multiply` saw to it that both factors and the bias are large enough.
            let totals: [[S; 2]; M] = unsafe {
                if let Some(bias) = sum.bias {
                    start = [0, S::LANES].map(|lane| S::load(bias.as_ptr().add(column + lane)));
                }
                let (rows_at, factor_at) = (rows.values.as_ptr().add(first * rows.stride), factor.values.as_ptr().add(at));
                tile((rows_at, rows.stride), (factor_at, factor.stride), depth, start)
            };
            for (row, totals) in (first..samples).zip(totals) {
                for (lane, total) in totals.into_iter().enumerate() {
                    let column = column + lane * S::LANES;
                    if column < columns {
                        finish(total, sum, (row * columns, column, columns), to);
                    }
                }
            }
        }
    }
}

/// `start` and the product of `M` rows with two registers of columns.
///
/// # Safety
///
/// There are `M` rows of `depth` values, and `depth` rows of two registers.
#[inline(always)]
unsafe fn tile<S: Simd, const M: usize>(
    (rows, row_stride): (*const f32, usize),
    (factor, factor_stride): (*const f32, usize),
    depth: usize,
    start: [S; 2],
) -> [[S; 2]; M] {
    let mut totals = [start; M];
    for k in 0..depth {
        // SAFETY: as the caller says.
        unsafe {
            let factor = factor.add(k * factor_stride);
            let factor = [S::load(factor), S::load(factor.add(S::LANES))];
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
    for start in (0..width).step_by(REGISTERS * S::LANES) {
        // the width is a multiple of two registers
        let wide = start + REGISTERS * S::LANES <= width;
        for neuron in 0..events.neurons() {
            let list = events.of(neuron);
            if list.is_empty() {
                continue;
            }
            // SAFETY: rows are `width` wide, each event names one of them, and each neuron has a row to add to, as
            // `Isa::gather` checks.
            unsafe {
                let (from, to) = (rows.values.as_ptr().add(start), to.as_mut_ptr().add(neuron * rows.stride + start));
                match wide {
                    true => add_rows::<S, REGISTERS>(list, from, rows.stride, to),
                    false => add_rows::<S, { REGISTERS / 2 }>(list, from, rows.stride, to),
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
