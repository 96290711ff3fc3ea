//! Where a product goes, and how it gets there.

use super::BLOCK;
use crate::number::simd::*;
use crate::recurrent::rows::Rows;

/// Where a product goes: rows of `base + gain (bias + product)`.
#[derive(Clone, Copy)]
pub(in crate::recurrent) struct Affine<'a> {
    /// Rows to add to, without padding; none is zero.
    pub(in crate::recurrent) base: Option<&'a [f32]>,
    pub(in crate::recurrent) gain: f32,
    /// Padded as the rows of the second factor; none is zero.
    pub(in crate::recurrent) bias: Option<&'a [f32]>,
}

/// Number of columns of a result; fails if its parts do not fit. Rows that are `stride` apart have whole panels.
pub(super) fn check(to: &[f32], samples: usize, sum: Affine<'_>, stride: usize) -> usize {
    let columns = to.len() / samples.max(1);
    assert_eq!(columns * samples, to.len(), "the last row is not full");
    assert!(stride >= Rows::stride(columns), "the rows are narrower than the result");
    assert!(sum.base.is_none_or(|base| base.len() == to.len()), "the base has another size");
    assert!(sum.bias.is_none_or(|bias| bias.len() >= Rows::stride(columns)), "the bias is not padded");
    columns
}

/// Writes `R` registers of a row from a column on, or as much of them as the row has.
#[inline(always)]
pub(super) fn finish<S: Simd, const R: usize>(
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
