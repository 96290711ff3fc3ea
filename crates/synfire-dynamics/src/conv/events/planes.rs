//! Planes of channels as blocks of neighbouring channels, and back.
#![allow(unsafe_code)] // to call what is compiled for an instruction set

use super::layout::{LANES, Layout};
use crate::kernel::Isa;
use crate::number::simd::*;
use crate::product::dispatch;

/// Rows and columns that are exchanged in registers.
const SIDE: usize = 8;

impl Layout {
    /// Writes up to [`LANES`] planes of this many places as a block, `[place, lane]`; channels that are missing are 0.
    pub(super) fn interleave(&self, planes: &[f32], places: usize, block: &mut [f32]) {
        assert!(planes.len() <= places * LANES && block.len() == places * LANES, "a block of another size");
        dispatch!(self.isa, interleave(planes: &[f32], places: usize, block: &mut [f32]) -> ());
    }

    /// The reverse of [`interleave`](Self::interleave).
    pub(super) fn separate(&self, block: &[f32], places: usize, planes: &mut [f32]) {
        assert!(planes.len() <= places * LANES && block.len() == places * LANES, "a block of another size");
        dispatch!(self.isa, separate(block: &[f32], places: usize, planes: &mut [f32]) -> ());
    }
}

#[inline(always)]
fn interleave<S: Simd>(planes: &[f32], places: usize, block: &mut [f32]) {
    let whole = places / SIDE * SIDE;
    for first in (0..LANES).step_by(SIDE) {
        let planes = planes.get(first * places..).unwrap_or_default();
        let channels = (planes.len() / places).min(SIDE);
        for at in (0..whole).step_by(SIDE) {
            let mut square = [[0.0; SIDE]; SIDE];
            for (row, plane) in square.iter_mut().zip(planes.chunks_exact(places)) {
                row.copy_from_slice(&plane[at..at + SIDE]);
            }
            for (row, to) in transposed(square).iter().zip(block[at * LANES..].chunks_exact_mut(LANES)) {
                to[first..first + SIDE].copy_from_slice(row);
            }
        }
        for at in whole..places {
            let to = &mut block[at * LANES + first..][..SIDE];
            to.fill(0.0);
            to.iter_mut().zip(planes.chunks_exact(places)).take(channels).for_each(|(to, plane)| *to = plane[at]);
        }
    }
}

#[inline(always)]
fn separate<S: Simd>(block: &[f32], places: usize, planes: &mut [f32]) {
    let whole = places / SIDE * SIDE;
    for (i, planes) in planes.chunks_mut(SIDE * places).enumerate() {
        let first = i * SIDE;
        for at in (0..whole).step_by(SIDE) {
            let mut square = [[0.0; SIDE]; SIDE];
            for (row, from) in square.iter_mut().zip(block[at * LANES..].chunks_exact(LANES)) {
                row.copy_from_slice(&from[first..first + SIDE]);
            }
            for (row, plane) in transposed(square).iter().zip(planes.chunks_exact_mut(places)) {
                plane[at..at + SIDE].copy_from_slice(row);
            }
        }
        for (lane, plane) in (first..).zip(planes.chunks_exact_mut(places)) {
            (whole..places).for_each(|at| plane[at] = block[at * LANES + lane]);
        }
    }
}

/// Exchanges rows and columns by three perfect shuffles, which compilers make of register operations.
#[inline(always)]
fn transposed(mut square: [[f32; SIDE]; SIDE]) -> [[f32; SIDE]; SIDE] {
    for _ in 0..3 {
        let from = square;
        for i in 0..SIDE / 2 {
            for j in 0..SIDE / 2 {
                let (a, b) = (&from[i], &from[i + SIDE / 2]);
                (square[2 * i][2 * j], square[2 * i][2 * j + 1]) = (a[j], b[j]);
                (square[2 * i + 1][2 * j], square[2 * i + 1][2 * j + 1]) = (a[j + SIDE / 2], b[j + SIDE / 2]);
            }
        }
    }
    square
}
