//! Rows of a few values, copied and added: too short for a call of `memcpy` to pay.

use core::ops::Range;

const BLOCK: usize = 8;

/// Rows of a matrix that are rows of a picture, or padding.
#[derive(Debug)]
pub(super) struct Band {
    /// Rows and columns of the matrix that are not padding.
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
    /// Row and column of the picture that the first of them are.
    pub(super) first: [usize; 2],
    /// Rows and columns of the picture from one to the next.
    pub(super) stride: [usize; 2],
    /// Columns of picture and matrix.
    pub(super) widths: [usize; 2],
}

impl Band {
    /// Where in picture and matrix each row that is not padding starts.
    #[inline(always)]
    fn each_row(&self, mut run: impl FnMut(usize, usize)) {
        let [picture, matrix] = self.widths;
        let from = self.first[0] * picture + self.first[1];
        let to = self.rows.start * matrix + self.columns.start;
        for i in 0..self.rows.len() {
            run(from + i * self.stride[0] * picture, to + i * matrix);
        }
    }
}

/// Copies rows of the picture into the matrix, and zeros where padding is.
#[inline]
pub(super) fn copy_band(picture: &[f32], matrix: &mut [f32], band: &Band) {
    let (width, count) = (band.widths[1], band.columns.len());
    if count == 0 {
        return matrix.fill(0.0);
    }
    matrix[..band.rows.start * width].fill(0.0);
    matrix[band.rows.end * width..].fill(0.0);
    if count < width {
        for row in matrix[band.rows.start * width..band.rows.end * width].chunks_exact_mut(width) {
            row[..band.columns.start].iter_mut().for_each(|x| *x = 0.0);
            row[band.columns.end..].iter_mut().for_each(|x| *x = 0.0);
        }
    }
    match (band.stride[1], count / BLOCK) {
        (1, 1) => band.each_row(|from, to| copy::<1>(&picture[from..from + count], &mut matrix[to..to + count])),
        (1, 2) => band.each_row(|from, to| copy::<2>(&picture[from..from + count], &mut matrix[to..to + count])),
        (1, 3) => band.each_row(|from, to| copy::<3>(&picture[from..from + count], &mut matrix[to..to + count])),
        (1, 4..) => band.each_row(|from, to| matrix[to..to + count].copy_from_slice(&picture[from..from + count])),
        (stride, _) => band.each_row(|from, to| {
            let from = picture[from..].iter().step_by(stride);
            matrix[to..to + count].iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }),
    }
}

/// Copies rows of this many blocks and a rest.
#[inline(always)]
fn copy<const BLOCKS: usize>(from: &[f32], to: &mut [f32]) {
    for block in 0..BLOCKS {
        copy_block(&from[block * BLOCK..], &mut to[block * BLOCK..]);
    }
    if from.len() != BLOCKS * BLOCK {
        // overlaps the block before
        let last = from.len() - BLOCK;
        copy_block(&from[last..], &mut to[last..]);
    }
}

#[inline(always)]
fn copy_block(from: &[f32], to: &mut [f32]) {
    if let (Some(from), Some(to)) = (from.first_chunk::<BLOCK>(), to.first_chunk_mut()) {
        *to = *from;
    }
}

/// Adds rows of the matrix to those of the picture.
#[inline]
pub(super) fn add_band(matrix: &[f32], picture: &mut [f32], band: &Band) {
    let (stride, count) = (band.stride[1], band.columns.len());
    if count == 0 {
        return;
    }
    if stride == 1 {
        band.each_row(|to, from| add(&matrix[from..from + count], &mut picture[to..to + count]));
    } else {
        band.each_row(|to, from| {
            let to = picture[to..].iter_mut().step_by(stride);
            to.zip(&matrix[from..from + count]).for_each(|(to, from)| *to += *from);
        });
    }
}

#[inline(always)]
fn add(from: &[f32], to: &mut [f32]) {
    let ((from, from_rest), (to, to_rest)) = (from.as_chunks::<BLOCK>(), to.as_chunks_mut::<BLOCK>());
    for (to, from) in to.iter_mut().zip(from) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
    }
    let ((from, from_rest), (to, to_rest)) = (from_rest.as_chunks::<4>(), to_rest.as_chunks_mut::<4>());
    for (to, from) in to.iter_mut().zip(from) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
    }
    to_rest.iter_mut().zip(from_rest).for_each(|(to, from)| *to += *from);
}

/// Sum of a plane, in several strands.
pub(super) fn sum(values: &[f32]) -> f32 {
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    let mut strands = [0.0; BLOCK];
    for block in blocks {
        strands.iter_mut().zip(block).for_each(|(sum, x)| *sum += x);
    }
    strands.iter().chain(rest).sum()
}
