//! Memory that kernels write: results that are not zeroed first, and aligned blocks.
#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// Uninitialised memory for rows that several threads write piece by piece.
pub(crate) struct Uninit {
    values: Box<[MaybeUninit<f32>]>,
}

impl Uninit {
    pub(crate) fn new(len: usize) -> Self {
        Uninit { values: Box::new_uninit_slice(len) }
    }

    /// The memory, to be written piece by piece.
    pub(crate) fn unwritten(&mut self) -> &mut [MaybeUninit<f32>] {
        &mut self.values
    }

    /// Views the memory as rows of `plane` values.
    pub(crate) fn rows(&mut self, plane: usize) -> RowsMut<'_> {
        RowsMut { first: self.values.as_mut_ptr().cast(), len: self.values.len(), plane, lifetime: PhantomData }
    }

    /// The values, once all of them have been written.
    pub(crate) fn into_written(self) -> Vec<f32> {
        // SAFETY: the kernels are the only users. Their tiles cover every row of the plane without a
        // gap, and each tile writes the whole of each of its rows; a product writes all of its result:
        // every value has been written.
        unsafe { self.values.assume_init() }.into_vec()
    }
}

/// Fills the memory with one value.
pub(crate) fn filled(memory: &mut [MaybeUninit<f32>], value: f32) -> &mut [f32] {
    memory.fill(MaybeUninit::new(value));
    // SAFETY: all of it has just been written.
    unsafe { &mut *(core::ptr::from_mut(memory) as *mut [f32]) }
}

/// Fills rows with one and the same.
pub(crate) fn filled_with_rows<'a>(memory: &'a mut [MaybeUninit<f32>], row: &[f32]) -> &'a mut [f32] {
    assert!(memory.len().is_multiple_of(row.len()), "whole rows");
    for to in memory.chunks_exact_mut(row.len()) {
        to.write_copy_of_slice(row);
    }
    // SAFETY: the rows are all of it, and have just been written.
    unsafe { &mut *(core::ptr::from_mut(memory) as *mut [f32]) }
}

/// Fills each row with its value; there are as many rows of `row` values as `values`.
pub(crate) fn filled_rows<'a>(memory: &'a mut [MaybeUninit<f32>], row: usize, values: &[f32]) -> &'a mut [f32] {
    assert_eq!(memory.len(), row * values.len(), "as many rows as values");
    for (row, value) in memory.chunks_exact_mut(row).zip(values) {
        row.fill(MaybeUninit::new(*value));
    }
    // SAFETY: the rows are all of it, and have just been written.
    unsafe { &mut *(core::ptr::from_mut(memory) as *mut [f32]) }
}

/// Rows that several tasks write, each its own range of them.
#[derive(Clone, Copy)]
pub(crate) struct RowsMut<'a> {
    first: *mut f32,
    len: usize,
    plane: usize,
    lifetime: PhantomData<&'a mut f32>,
}

// SAFETY: only addresses are handed out; whoever writes to one ensures that nobody else does.
unsafe impl Send for RowsMut<'_> {}
// SAFETY: as above.
unsafe impl Sync for RowsMut<'_> {}

impl RowsMut<'_> {
    /// Address of `count` values of a row, from index `start` on.
    pub(crate) fn at(&self, row: usize, start: usize, count: usize) -> *mut f32 {
        let from = row * self.plane + start;
        assert!(from + count <= self.len, "row {row} ends beyond the memory");
        // SAFETY: within the allocation, as just checked.
        unsafe { self.first.add(from) }
    }

    /// Copies values to a row, from index `start` on; no other task may use that part of it.
    pub(crate) fn copy(&self, row: usize, start: usize, values: &[f32]) {
        let to = self.at(row, start, values.len());
        // SAFETY: there is room for the values, as `at` checks, and it is this task's alone.
        unsafe { core::ptr::copy_nonoverlapping(values.as_ptr(), to, values.len()) }
    }
}

/// A cache line of 16 values.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([f32; 16]);

/// Blocks of one size, each on cache lines of its own.
#[derive(Debug)]
pub(crate) struct Blocks {
    lines: Vec<Line>,
    size: usize,
}

impl Blocks {
    /// `count` zeroed blocks with room for `len` values each.
    pub(crate) fn new(count: usize, len: usize) -> Self {
        let size = len.div_ceil(16);
        Blocks { lines: vec![Line([0.0; 16]); count * size], size }
    }

    /// Number of cache lines of a block.
    pub(crate) fn lines(&self) -> usize {
        self.size
    }

    /// The values of all blocks, one after the other.
    pub(crate) fn values(&self) -> &[f32] {
        // SAFETY: a line is sixteen values and nothing else.
        unsafe { core::slice::from_raw_parts(self.lines.as_ptr().cast(), self.lines.len() * 16) }
    }

    /// The values of all blocks, one after the other.
    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        // SAFETY: as above.
        unsafe { core::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.lines.len() * 16) }
    }

    /// The values of one block.
    pub(crate) fn get(&self, index: usize) -> &[f32] {
        let len = self.size * 16;
        &self.values()[index * len..][..len]
    }

    /// The values of one block.
    pub(crate) fn block(&mut self, index: usize) -> &mut [f32] {
        let len = self.size * 16;
        &mut self.values_mut()[index * len..][..len]
    }
}

/// Prefetches values that are soon read or written. Rows of a plane are far apart, so a processor does not
/// predict the next one by itself.
pub(crate) fn prefetch(first: *const f32, count: usize, write: bool) {
    #[cfg(target_arch = "x86_64")]
    for line in (0..count).step_by(16) {
        use core::arch::x86_64::*;
        let at = first.wrapping_add(line).cast();
        // SAFETY: a hint, which reads nothing and does not mind an address without memory.
        unsafe { if write { _mm_prefetch::<_MM_HINT_ET0>(at) } else { _mm_prefetch::<_MM_HINT_T0>(at) } }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (first, count, write);
}
