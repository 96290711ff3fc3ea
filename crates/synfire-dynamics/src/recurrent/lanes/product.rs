//! Dense products with a packed factor.

use super::affine::{Affine, check, finish};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use crate::recurrent::layout::SAMPLES;
use crate::recurrent::rows::RowsView;

impl Isa {
    /// Columns that a dense product computes at once: a panel of the packed factor, or a part of one.
    pub(in crate::recurrent) fn panel(self) -> usize {
        fn panel<S: Simd>() -> usize {
            2 * S::LANES
        }
        dispatch!(self, panel() -> usize)
    }

    /// Writes the product of [`SAMPLES`] rows with `depth` rows of `factor` to `to`, of which it has `samples` rows.
    pub(in crate::recurrent) fn multiply(
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
