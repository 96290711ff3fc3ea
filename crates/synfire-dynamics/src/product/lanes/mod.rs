//! The inner loops of sparse products, compiled for each instruction set.
#![allow(unsafe_code)]

pub(super) mod shared;

use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

/// The non-zero values of a row or column of a block, and their indices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Events<'a> {
    indices: &'a [u32],
    /// Empty if all are 1.
    values: &'a [f32],
    /// Number that is above all indices.
    end: usize,
}

impl<'a> Events<'a> {
    /// Events of these indices and values; no values if all are 1.
    pub(super) fn new(indices: &'a [u32], values: &'a [f32]) -> Self {
        assert!(values.is_empty() || values.len() == indices.len(), "a value for each event");
        Events { indices, values, end: indices.iter().max().map_or(0, |&last| last as usize + 1) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }
}

/// Rows of a matrix, or parts of them, that begin `stride` values apart.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) values: &'a [f32],
    pub(super) stride: usize,
}

/// Number of values in the widest register.
pub(super) const LINE: usize = 16;
/// Number of registers that accumulate at once.
const REGISTERS: usize = 8;

impl Isa {
    /// Writes the non-zero values of `x` and their indices, and returns their number. `indices` and `values` must
    /// be longer than `x` by [`LINE`].
    pub(super) fn find(self, x: &[f32], indices: &mut [u32], values: &mut [f32]) -> usize {
        let room = x.len() + LINE;
        assert!(indices.len() >= room && values.len() >= room, "room for {room} events is missing");
        dispatch!(self, find(x: &[f32], indices: &mut [u32], values: &mut [f32]) -> usize)
    }

    /// Adds to `sum` the rows of `block` at the indices of the events, each multiplied by the event's value. A row
    /// has the length of `sum`, padded with zeros to a multiple of [`LINE`].
    pub(super) fn add(self, events: Events<'_>, block: Block<'_>, sum: &mut [f32]) {
        dispatch!(self, add(events: Events<'_>, block: Block<'_>, sum: &mut [f32]) -> ());
    }
}

#[inline(always)]
fn find<S: Simd>(x: &[f32], indices: &mut [u32], values: &mut [f32]) -> usize {
    let mut count = 0;
    let mut chunks = x.chunks_exact(S::LANES);
    for (i, chunk) in (&mut chunks).enumerate() {
        // SAFETY: a chunk is a register, and `count` is at most what was read: there is room for one register more.
        unsafe {
            let register = S::load(chunk.as_ptr());
            let (indices, values) = (indices.as_mut_ptr().add(count), values.as_mut_ptr().add(count));
            count += register.compress((i * S::LANES) as u32, indices, values);
        }
    }
    let rest = chunks.remainder();
    for (index, &value) in (x.len() - rest.len()..).zip(rest) {
        if value != 0.0 {
            (indices[count], values[count]) = (index as u32, value);
            count += 1;
        }
    }
    count
}

#[inline(always)]
fn add<S: Simd>(events: Events<'_>, block: Block<'_>, sum: &mut [f32]) {
    match events.values.is_empty() {
        true => add_rows::<S, false>(events, block, sum),
        false => add_rows::<S, true>(events, block, sum),
    }
}

/// Adds rows, multiplied by values where there are `VALUES`.
#[inline(always)]
fn add_rows<S: Simd, const VALUES: bool>(events: Events<'_>, block: Block<'_>, sum: &mut [f32]) {
    let width = sum.len().next_multiple_of(LINE);
    let Block { values: block, stride } = block;
    let end = events.end.checked_sub(1).map_or(0, |last| last * stride + width);
    assert!(end <= block.len(), "an event is beyond the block");
    let mut start = 0;
    while start < width {
        let registers = match (width - start) / S::LANES {
            left @ 0..8 => 1 << left.ilog2(),
            _ => REGISTERS,
        };
        let end = sum.len().min(start + registers * S::LANES);
        let part = &mut sum[start..end];
        let columns = block[start.min(block.len())..].as_ptr();
        // SAFETY: rows are whole registers wide, and the last one ends inside the block, as just checked. The sums are
        // as many registers, or an array of the most there are.
        unsafe {
            if part.len() == registers * S::LANES {
                tiles::<S, VALUES>(registers, events, columns, stride, part.as_mut_ptr());
            } else {
                let mut whole = [0.0; REGISTERS * LINE];
                whole[..part.len()].copy_from_slice(part);
                tiles::<S, VALUES>(registers, events, columns, stride, whole.as_mut_ptr());
                part.copy_from_slice(&whole[..part.len()]);
            }
        }
        start += registers * S::LANES;
    }
}

/// Accumulates 1, 2, 4 or [`REGISTERS`] registers of columns.
///
/// # Safety
///
/// As [`tile`].
#[inline(always)]
unsafe fn tiles<S: Simd, const VALUES: bool>(
    registers: usize,
    events: Events<'_>,
    columns: *const f32,
    stride: usize,
    sum: *mut f32,
) {
    // SAFETY: as the caller says.
    unsafe {
        match registers {
            1 => tile::<S, 1, VALUES>(events, columns, stride, sum),
            2 => tile::<S, 2, VALUES>(events, columns, stride, sum),
            4 => tile::<S, 4, VALUES>(events, columns, stride, sum),
            _ => tile::<S, REGISTERS, VALUES>(events, columns, stride, sum),
        }
    }
}

/// Accumulates `R` registers of columns.
///
/// # Safety
///
/// `columns` points to `R` registers of values in each row that an event names; rows are `stride` apart. `sum` points to
/// `R` registers. With `VALUES` there is one for each event.
#[inline(always)]
unsafe fn tile<S: Simd, const R: usize, const VALUES: bool>(
    events: Events<'_>,
    columns: *const f32,
    stride: usize,
    sum: *mut f32,
) {
    let mut total = [S::splat(0.0); R];
    // SAFETY: as the caller says.
    unsafe {
        for (i, total) in total.iter_mut().enumerate() {
            *total = S::load(sum.add(i * S::LANES));
        }
        for (at, &index) in events.indices.iter().enumerate() {
            let row = columns.add(index as usize * stride);
            let value = S::splat(if VALUES { *events.values.get_unchecked(at) } else { 1.0 });
            for (i, total) in total.iter_mut().enumerate() {
                let weights = S::load(row.add(i * S::LANES));
                *total = total.add(if VALUES { value.mul(weights) } else { weights });
            }
        }
        for (i, total) in total.into_iter().enumerate() {
            total.store(sum.add(i * S::LANES));
        }
    }
}
