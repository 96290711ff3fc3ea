//! The gradient of the input: each result adds its weights, times its gradient, to the inputs that it sees.
#![allow(unsafe_code)]

use super::layout::LANES;
use super::strips::Strips;
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

impl Strips {
    /// Adds to the plane of a block of input channels what the results of a tile of output channels give to some rows
    /// around theirs: those of a part of the kernel. `masks` has a bit for each result that has a gradient, column by
    /// column.
    pub(super) fn scatter(&self, part: usize, masks: &[u64], gradients: &[f32], weights: &[f32], plane: &mut [f32]) {
        let [height, width] = self.layout.output;
        let last = self.places.iter().max().map_or(0, |place| *place as usize);
        assert!(masks.len() == height * width && self.places.len() == height * width, "another number of results");
        assert!(gradients.len() >= last + LANES, "gradients of another size");
        assert!(weights.len() >= self.outputs * self.weights(&self.rows[part]), "a tile of another size");
        assert!(plane.len() >= self.plane(), "a plane of another size");
        let outputs = self.outputs.min(gradients.len() - last);
        let parts = &Parts { strips: self, part, outputs, masks, gradients, weights };
        dispatch!(self.layout.isa, scatter(parts: &Parts<'_>, plane: &mut [f32]) -> ());
    }
}

/// Operands of a scatter, whose sizes have been checked.
struct Parts<'a> {
    strips: &'a Strips,
    part: usize,
    /// Output channels that there are gradients of.
    outputs: usize,
    masks: &'a [u64],
    gradients: &'a [f32],
    weights: &'a [f32],
}

/// Calls [`add`] with the registers of a strip (each `$n` of the processor's) and the kernel rows as constants.
macro_rules! specialised {
    ($s:ident, $parts:expr, $plane:expr, $n:literal: $($registers:literal x $rows:literal),*) => {
        match ($parts.strips.registers, $parts.strips.rows[$parts.part].len()) {
            $(($registers, $rows) => add::<$s, $registers, $n, $rows>($parts, $plane),)*
            _ => unreachable!("strips have no other sizes"),
        }
    };
}

#[inline(always)]
fn scatter<S: Simd>(parts: &Parts<'_>, plane: &mut [f32]) {
    match S::LANES {
        LANES => specialised!(S, parts, plane, 1:
            1 x 1, 1 x 3, 1 x 5, 2 x 1, 2 x 3, 2 x 5, 3 x 1, 3 x 3, 3 x 5, 4 x 1, 4 x 3, 4 x 5, 5 x 1, 5 x 3, 5 x 5,
            6 x 1, 6 x 3, 7 x 1, 7 x 3),
        _ => specialised!(S, parts, plane, 2:
            1 x 1, 1 x 3, 1 x 5, 2 x 1, 2 x 3, 3 x 1, 4 x 1, 5 x 1, 6 x 1, 7 x 1),
    }
}

/// Goes down each column. The strips of the rows that a result reaches are in registers, and move up by one from
/// row to row; the uppermost is then complete.
#[allow(clippy::needless_range_loop)] // constant indices, of registers
#[inline(always)]
fn add<S: Simd, const R: usize, const NV: usize, const ROWS: usize>(parts: &Parts<'_>, plane: &mut [f32]) {
    let Parts { strips, part, outputs, masks, gradients, weights } = *parts;
    let [height, width] = strips.layout.output;
    let (channels, row) = (strips.channels, strips.padded()[1] * strips.channels);
    let all = u64::MAX >> (64 - outputs);
    let zero = S::splat(0.0);
    // what is behind a strip is not touched, not even where sums are infinite
    let rest = strips.layout.kernel[1] * channels - (R - 1) * LANES;
    let behind: [f32; LANES] = core::array::from_fn(|lane| if lane < rest { 1.0 } else { 0.0 });
    // SAFETY: as many values are read as there are.
    let behind: [S; NV] = unsafe { load(behind.as_ptr()) };
    let columns = masks.chunks_exact(height).zip(strips.places.chunks_exact(height));
    for (x, (masks, places)) in columns.enumerate().take(width) {
        let mut sums = [[[zero; NV]; R]; ROWS];
        let first = strips.rows[part].start * row + x * channels;
        for y in 0..height + ROWS - 1 {
            if let (Some(mask), Some(place)) = (masks.get(y), places.get(y)) {
                let mut mask = mask & all;
                // SAFETY: a bit's gradient and weights are within their slices: bits are below `outputs`.
                unsafe {
                    let gradients = gradients.as_ptr().add(*place as usize);
                    while mask != 0 {
                        let output = mask.trailing_zeros() as usize;
                        let gradient = S::splat(*gradients.add(output));
                        let weights = weights.as_ptr().add(output * (ROWS * R * LANES));
                        for ky in 0..ROWS {
                            for i in 0..R {
                                let weights: [S; NV] = load(weights.add((ky * R + i) * LANES));
                                for v in 0..NV {
                                    sums[ky][i][v] = gradient.mul_add(weights[v], sums[ky][i][v]);
                                }
                            }
                        }
                        mask &= mask - 1;
                    }
                }
            }
            for i in 0..R {
                // SAFETY: the rows from the first on are in the plane, and behind it is room for a line.
                unsafe {
                    let to = plane.as_mut_ptr().add(first + y * row + i * LANES);
                    let old: [S; NV] = load(to);
                    for v in 0..NV {
                        let sum = if i + 1 < R { sums[0][i][v] } else { S::select(behind[v], sums[0][i][v], zero) };
                        old[v].add(sum).store(to.add(v * S::LANES));
                    }
                }
            }
            for ky in 1..ROWS {
                sums[ky - 1] = sums[ky];
            }
            sums[ROWS - 1] = [[zero; NV]; R];
        }
    }
}

/// # Safety
///
/// `from` points to as many values.
#[inline(always)]
unsafe fn load<S: Simd, const NV: usize>(from: *const f32) -> [S; NV] {
    // SAFETY: as the caller says.
    core::array::from_fn(|i| unsafe { S::load(from.add(i * S::LANES)) })
}
