//! Planes of channels as blocks of neighbouring channels, and back.
#![allow(unsafe_code)] // to call what is compiled for an instruction set

use super::layout::{LANES, Layout};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use core::mem::MaybeUninit;

/// Rows and columns of a square that is transposed in registers.
const SIDE: usize = 8;

impl Layout {
    /// Writes up to [`LANES`] planes of this many places as a block, `[place, lane]`, of which places are `stride`
    /// values apart; channels that are missing are 0.
    pub(super) fn interleave(&self, planes: &[f32], places: usize, block: &mut [f32], stride: usize) {
        assert!(places > 0 && planes.len() <= places * LANES, "planes of another size");
        assert!(block.len() + stride >= places * stride + LANES, "a block of another size");
        dispatch!(self.isa, interleave(planes: &[f32], places: usize, block: &mut [f32], stride: usize) -> ());
    }

    /// The reverse of [`interleave`](Self::interleave): writes all of the planes. Behind the last place is room for
    /// [`LANES`] values.
    pub(super) fn separate(&self, block: &[f32], places: usize, planes: &mut [MaybeUninit<f32>], stride: usize) {
        assert!(places > 0 && planes.len() <= places * LANES, "planes of another size");
        assert!(block.len() + stride >= places * stride + LANES, "a block of another size");
        dispatch!(self.isa, separate(block: &[f32], places: usize, planes: &mut [MaybeUninit<f32>], stride: usize) -> ());
    }
}

#[inline(always)]
fn interleave<S: Simd>(planes: &[f32], places: usize, block: &mut [f32], stride: usize) {
    let (whole, count) = (places / SIDE * SIDE, planes.len() / places);
    for first in (0..LANES).step_by(SIDE) {
        for at in (0..whole).step_by(SIDE) {
            // SAFETY: planes below `count` have a whole row there, and places below `whole` a whole part of a block.
            unsafe {
                let row = |i: usize| planes.as_ptr().add((first + i) * places + at).cast::<[f32; SIDE]>();
                let row = |i: usize| if first + i < count { row(i).read() } else { [0.0; SIDE] };
                let columns = S::transposed(core::array::from_fn(row));
                let to = block.as_mut_ptr().add(at * stride + first);
                for (i, column) in columns.into_iter().enumerate() {
                    to.add(i * stride).cast::<[f32; SIDE]>().write(column);
                }
            }
        }
        for at in whole..places {
            let to = &mut block[at * stride + first..][..SIDE];
            to.fill(0.0);
            to.iter_mut().zip(planes.chunks_exact(places).skip(first)).for_each(|(to, plane)| *to = plane[at]);
        }
    }
}

#[inline(always)]
fn separate<S: Simd>(block: &[f32], places: usize, planes: &mut [MaybeUninit<f32>], stride: usize) {
    let (whole, count) = (places / SIDE * SIDE, planes.len() / places);
    for first in (0..count).step_by(SIDE) {
        for at in (0..whole).step_by(SIDE) {
            // SAFETY: places below `whole` have a whole part of a block there, and planes below `count` room for a row.
            unsafe {
                let from = block.as_ptr().add(at * stride + first);
                let row = |i: usize| from.add(i * stride).cast::<[f32; SIDE]>().read();
                let columns = S::transposed(core::array::from_fn(row));
                for (i, column) in columns.into_iter().enumerate() {
                    if first + i < count {
                        let to = planes.as_mut_ptr().add((first + i) * places + at);
                        to.cast::<[f32; SIDE]>().write(column);
                    }
                }
            }
        }
        for at in whole..places {
            let row = &block[at * stride + first..][..SIDE];
            planes.chunks_exact_mut(places).skip(first).zip(row).for_each(|(plane, value)| {
                plane[at].write(*value);
            });
        }
    }
}
