//! Products where most numbers count, by `gemm`: blocks that fit into cache, one order of summation.
#![allow(unsafe_code)]

use crate::memory::Uninit;
use gemm::{Parallelism, gemm};

/// Numbers in rows and columns.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    numbers: &'a [f32],
    shape: [usize; 2],
    strides: [usize; 2],
}

impl<'a> Matrix<'a> {
    /// Rows of `columns` numbers, one after the other.
    pub(super) fn new(numbers: &'a [f32], columns: usize) -> Self {
        let rows = numbers.len() / columns.max(1);
        assert_eq!(rows * columns, numbers.len(), "the last row of {columns} numbers is not full");
        Matrix { numbers, shape: [rows, columns], strides: [columns, 1] }
    }

    /// The same numbers, rows and columns exchanged.
    pub(super) fn transposed(self) -> Self {
        let ([rows, columns], [down, right]) = (self.shape, self.strides);
        Matrix { shape: [columns, rows], strides: [right, down], ..self }
    }
}

/// `a b`
pub(super) fn product(a: Matrix<'_>, b: Matrix<'_>) -> Vec<f32> {
    let len = a.shape[0] * b.shape[1];
    let mut out = Uninit::new(len);
    let first = out.rows(len).at(0, 0, len);
    // SAFETY: there is room for the whole result, which no one else reads or writes meanwhile.
    unsafe { run(a, b, first, false) };
    out.into_written()
}

/// Adds `a b` to what is there.
pub(super) fn add(a: Matrix<'_>, b: Matrix<'_>, to: &mut [f32]) {
    assert_eq!(to.len(), a.shape[0] * b.shape[1], "the result has another size");
    // SAFETY: the slice is as large as the result and ours alone.
    unsafe { run(a, b, to.as_mut_ptr(), true) };
}

/// Writes `a b`, or adds it to what is there.
///
/// # Safety
///
/// `to` has room for the whole result, contiguous, of which nobody else makes use meanwhile, and has
/// numbers there to add to.
unsafe fn run(a: Matrix<'_>, b: Matrix<'_>, to: *mut f32, add: bool) {
    let ([m, k], [depth, n]) = (a.shape, b.shape);
    assert_eq!(k, depth, "columns of one factor and rows of the other differ");
    let [[a_row, a_column], [b_row, b_column]] = [a.strides, b.strides].map(|s| s.map(|stride| stride as isize));
    // SAFETY: both matrices are as large as their slices (see `Matrix::new`), `to` is as the caller says.
    unsafe {
        gemm(
            m,
            n,
            k,
            to,
            1,
            n as isize,
            add,
            a.numbers.as_ptr(),
            a_column,
            a_row,
            b.numbers.as_ptr(),
            b_column,
            b_row,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::Rayon(0),
        );
    }
}
