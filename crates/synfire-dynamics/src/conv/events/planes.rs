//! Planes of channels as blocks of neighbouring channels, and back.
#![allow(unsafe_code)] // to call what is compiled for an instruction set

use super::layout::{LANES, Layout};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use core::mem::MaybeUninit;

/// Rows and columns of a square that is transposed in registers.
const SIDE: usize = 8;

impl Layout {
    /// Writes up to [`LANES`] planes of this many places as a block, `[place, lane]`, of which places are `stride` values apart;
    /// channels that are missing are 0.
    pub(super) fn interleave(&self, planes: &[f32], places: usize, block: &mut [f32], stride: usize) {
        assert!(planes.len() <= places * LANES && stride >= LANES, "a block of another size");
        assert!(block.len() + stride >= places * stride + LANES, "a block of another size");
        dispatch!(self.isa, interleave(planes: &[f32], places: usize, block: &mut [f32], stride: usize) -> ());
    }

    /// The reverse of [`interleave`](Self::interleave): writes all of the planes. Behind the last place is room for
    /// [`LANES`] values.
    pub(super) fn separate(&self, block: &[f32], places: usize, planes: &mut [MaybeUninit<f32>], stride: usize) {
        assert!(planes.len() <= places * LANES && block.len() + stride >= places * stride + LANES, "a block of another size");
        dispatch!(self.isa, separate(block: &[f32], places: usize, planes: &mut [MaybeUninit<f32>], stride: usize) -> ());
    }
}

#[inline(always)]
fn interleave<S: Simd>(planes: &[f32], places: usize, block: &mut [f32], stride: usize) {
    let whole = places / SIDE * SIDE;
    for first in (0..LANES).step_by(SIDE) {
        let planes = planes.get(first * places..).unwrap_or_default();
        let count = (planes.len() / places).min(SIDE);
        let row = |i: usize, at: usize| -> [f32; SIDE] {
            if i < count { planes[i * places + at..][..SIDE].try_into().unwrap_or_default() } else { [0.0; SIDE] }
        };
        for at in (0..whole).step_by(SIDE) {
            let columns = S::transposed(core::array::from_fn(|i| row(i, at)));
            for (i, column) in columns.iter().enumerate() {
                block[(at + i) * stride + first..][..SIDE].copy_from_slice(column);
            }
        }
        for at in whole..places {
            let to = &mut block[at * stride + first..][..SIDE];
            to.fill(0.0);
            to.iter_mut().zip(planes.chunks_exact(places)).for_each(|(to, plane)| *to = plane[at]);
        }
    }
}

#[inline(always)]
fn separate<S: Simd>(block: &[f32], places: usize, planes: &mut [MaybeUninit<f32>], stride: usize) {
    let whole = places / SIDE * SIDE;
    for (i, planes) in planes.chunks_mut(SIDE * places).enumerate() {
        let row = |at: usize| -> [f32; SIDE] { block[at * stride + i * SIDE..][..SIDE].try_into().unwrap_or_default() };
        for at in (0..whole).step_by(SIDE) {
            let columns = S::transposed(core::array::from_fn(|y| row(at + y)));
            for (column, plane) in columns.iter().zip(planes.chunks_exact_mut(places)) {
                plane[at..at + SIDE].write_copy_of_slice(column);
            }
        }
        for at in whole..places {
            planes.chunks_exact_mut(places).zip(row(at)).for_each(|(plane, value)| {
                plane[at].write(value);
            });
        }
    }
}
