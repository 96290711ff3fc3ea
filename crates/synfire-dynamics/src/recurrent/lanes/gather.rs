//! Sums of rows of gradients at events, for each neuron; and of sums.

use super::BLOCK;
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use crate::recurrent::by_neuron::ByNeuron;
use crate::recurrent::rows::{PANEL, RowsView};
use core::hint::black_box;

impl Isa {
    /// Adds to the row of `to` of each neuron the rows at its events. Both are padded alike.
    pub(in crate::recurrent) fn gather(self, events: &ByNeuron, rows: RowsView<'_>, columns: usize, to: &mut [f32]) {
        let stride = rows.stride;
        let width = columns.next_multiple_of(PANEL);
        assert!(
            width <= stride && events.neurons() * stride <= to.len() && events.rows() * stride <= rows.values.len()
        );
        dispatch!(self, gather(events: &ByNeuron, rows: RowsView<'_>, width: usize, to: &mut [f32]) -> ());
    }

    /// Adds values to sums.
    pub(in crate::recurrent) fn accumulate(self, values: &[f32], sum: &mut [f32]) {
        assert_eq!(values.len(), sum.len(), "as many values as sums");
        dispatch!(self, accumulate(values: &[f32], sum: &mut [f32]) -> ());
    }
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
        // as in sums of events, not unrolled
        let (mut at, step) = (0, black_box(1));
        while at < list.len() {
            let row = rows.add(*list.get_unchecked(at) as usize * stride);
            for (r, total) in total.iter_mut().enumerate() {
                *total = total.add(S::load(row.add(r * S::LANES)));
            }
            at += step;
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
