//! Dense matrix products by `gemm`: blocks that fit into cache, one order of summation.
#![allow(unsafe_code)]

use crate::memory::Uninit;
use gemm::{Parallelism, gemm};

/// A view of values as a matrix.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    values: &'a [f32],
    shape: [usize; 2],
    strides: [usize; 2],
}

impl<'a> Matrix<'a> {
    /// A matrix in row-major order.
    pub(crate) fn new(values: &'a [f32], columns: usize) -> Self {
        let rows = values.len() / columns.max(1);
        assert_eq!(rows * columns, values.len(), "the last row of {columns} values is not full");
        Matrix { values, shape: [rows, columns], strides: [columns, 1] }
    }

    /// A matrix whose rows start `stride` values apart.
    pub(crate) fn strided(values: &'a [f32], shape: [usize; 2], stride: usize) -> Self {
        assert_fits(values.len(), shape, stride);
        Matrix { values, shape, strides: [stride, 1] }
    }

    /// The columns before `at`, and the rest.
    fn split_columns(self, at: usize) -> [Self; 2] {
        let ([rows, columns], [_, right]) = (self.shape, self.strides);
        let rest = &self.values[if rows == 0 { 0 } else { (at * right).min(self.values.len()) }..];
        [Matrix { shape: [rows, at], ..self }, Matrix { values: rest, shape: [rows, columns - at], ..self }]
    }

    /// The same values with rows and columns exchanged.
    pub(crate) fn transposed(self) -> Self {
        let ([rows, columns], [down, right]) = (self.shape, self.strides);
        Matrix { shape: [columns, rows], strides: [right, down], ..self }
    }
}

/// Number of values in a register of `gemm`'s kernels.
const REGISTER: usize = 8;

/// Terms that are summed before their sum is added to a result: as many as `gemm` sums at once on any processor. On some it would
/// take more, as suits their caches, and results would depend on the processor.
const TERMS: usize = 512;

/// Destination of a product.
pub(crate) struct MatrixMut<'a> {
    values: &'a mut [f32],
    shape: [usize; 2],
    stride: usize,
}

impl<'a> MatrixMut<'a> {
    /// A contiguous matrix in row-major order.
    pub(crate) fn new(values: &'a mut [f32], columns: usize) -> Self {
        let shape = [values.len() / columns.max(1), columns];
        MatrixMut::strided(values, shape, columns)
    }

    /// A matrix whose rows start `stride` values apart.
    pub(crate) fn strided(values: &'a mut [f32], shape: [usize; 2], stride: usize) -> Self {
        assert_fits(values.len(), shape, stride);
        MatrixMut { values, shape, stride }
    }

    /// Adds `a b` on this thread.
    pub(crate) fn add(self, a: Matrix<'_>, b: Matrix<'_>) {
        self.multiply(a, b, true);
    }

    /// Overwrites with `a b` on this thread.
    pub(crate) fn set(self, a: Matrix<'_>, b: Matrix<'_>) {
        self.multiply(a, b, false);
    }

    fn multiply(self, a: Matrix<'_>, b: Matrix<'_>, add: bool) {
        assert_eq!(self.shape, [a.shape[0], b.shape[1]], "the result has another size");
        // whole registers first: they are read where they are, a matrix with a rest would be copied
        let [rows, columns] = self.shape;
        let (from, to) = (columns / REGISTER * REGISTER, self.values.as_mut_ptr());
        let [whole, rest] = b.split_columns(from);
        if from > 0 {
            // SAFETY: the rows are within the slice, as checked when this was made, and ours alone.
            unsafe { run(a, whole, to, self.stride, add, Parallelism::None) };
        }
        if from < columns && rows > 0 {
            // SAFETY: as above; the rest of the columns.
            unsafe { run(a, rest, to.add(from), self.stride, add, Parallelism::None) };
        }
    }
}

fn assert_fits(len: usize, [rows, columns]: [usize; 2], stride: usize) {
    let end = if rows * columns == 0 { 0 } else { (rows - 1) * stride + columns };
    assert!(columns <= stride && end <= len, "{rows} rows of {columns} values, {stride} apart, are more than {len}");
}

/// The product `a b`, on all threads.
pub(super) fn product(a: Matrix<'_>, b: Matrix<'_>) -> Vec<f32> {
    let len = a.shape[0] * b.shape[1];
    let mut out = Uninit::new(len);
    let first = out.rows(len).at(0, 0, len);
    // SAFETY: there is room for the whole result, which no one else reads or writes meanwhile.
    unsafe { run(a, b, first, b.shape[1], false, Parallelism::Rayon(0)) };
    out.into_written()
}

/// Adds `a b` to `to`, on all threads.
pub(super) fn add(a: Matrix<'_>, b: Matrix<'_>, to: &mut [f32]) {
    assert_eq!(to.len(), a.shape[0] * b.shape[1], "the result has another size");
    // SAFETY: the slice is as large as the result and ours alone.
    unsafe { run(a, b, to.as_mut_ptr(), b.shape[1], true, Parallelism::Rayon(0)) };
}

/// Writes `a b` to `to`, or adds it.
///
/// # Safety
///
/// `to` points to room for the whole result in rows `stride` apart, which nobody else uses meanwhile, and which is
/// initialised if the product is added.
unsafe fn run(a: Matrix<'_>, b: Matrix<'_>, to: *mut f32, stride: usize, add: bool, threads: Parallelism) {
    let ([m, k], [depth, n]) = (a.shape, b.shape);
    assert_eq!(k, depth, "columns of one factor and rows of the other differ");
    let [[a_row, a_column], [b_row, b_column]] = [a.strides, b.strides].map(|s| s.map(|stride| stride as isize));
    let terms = k.div_ceil(k.div_ceil(TERMS).max(1)).max(1);
    for first in (0..k.max(1)).step_by(terms) {
        let from = |values: &[f32], stride: isize| values.as_ptr().wrapping_offset(first as isize * stride);
        // SAFETY: both matrices are as large as their slices (see `Matrix::new`), `to` is as the caller says.
        unsafe {
            gemm(
                m,
                n,
                terms.min(k - first),
                to,
                1,
                stride as isize,
                add || first > 0,
                from(a.values, a_column),
                a_column,
                a_row,
                from(b.values, b_row),
                b_column,
                b_row,
                1.0,
                1.0,
                false,
                false,
                false,
                threads,
            );
        }
    }
}
