//! Large results without writing zeros first: a kernel fills every number of them.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;

/// Numbers yet to be written.
pub(crate) struct Uninit(pub(crate) Box<[MaybeUninit<f32>]>);

impl Uninit {
    pub(crate) fn new(len: usize) -> Self {
        Uninit(Box::new_uninit_slice(len))
    }

    /// The numbers, once all have been written.
    pub(crate) fn into_written(self) -> Vec<f32> {
        // SAFETY: the kernels are the only users. Their tiles cover every row of the plane without a
        // gap, and each tile stores the whole of each of its rows: every number has been written.
        unsafe { self.0.assume_init() }.into_vec()
    }
}
