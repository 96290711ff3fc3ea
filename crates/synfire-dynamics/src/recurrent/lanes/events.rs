//! Sums of the rows of weights at events.

use super::BLOCK;
use super::affine::{Affine, check, finish};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use crate::recurrent::events::Lists;
use crate::recurrent::rows::RowsView;
use core::hint::black_box;

impl Isa {
    /// Writes for each sample the sum of the rows of `weights` at its events to a row of `to`, `[samples, columns]`.
    pub(in crate::recurrent) fn sum_events(
        self,
        lists: Lists<'_>,
        weights: RowsView<'_>,
        sum: Affine<'_>,
        to: &mut [f32],
    ) {
        let columns = check(to, lists.samples(), sum, weights.stride);
        dispatch!(self, sum_events(lists: Lists<'_>, weights: RowsView<'_>, sum: Affine<'_>, columns: usize, to: &mut [f32]) -> ());
    }
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
        // a step that the compiler does not know: unrolled, the loop is slower over lists as short as these
        let (mut at, step) = (0, black_box(1));
        while at < list.len() {
            let row = first.add(*list.get_unchecked(at) as usize * weights.stride);
            for (r, total) in total.iter_mut().enumerate() {
                *total = total.add(S::load(row.add(r * S::LANES)));
            }
            at += step;
        }
    }
    finish(total, sum, place, to);
}
