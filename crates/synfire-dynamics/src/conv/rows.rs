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
    /// Where each row that is not padding starts in picture and matrix.
    fn starts(&self) -> impl Iterator<Item = (usize, usize)> {
        let [picture, matrix] = self.widths;
        let from = self.first[0] * picture + self.first[1];
        let to = self.rows.start * matrix + self.columns.start;
        let step = self.stride[0] * picture;
        (0..self.rows.len()).map(move |i| (from + i * step, to + i * matrix))
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
    let stride = band.stride[1];
    if stride == 1 && count >= BLOCK {
        for (from, to) in band.starts() {
            let (from, to) = (&picture[from..from + count], &mut matrix[to..to + count]);
            // the last block overlaps the one before
            for at in (0..count - BLOCK).step_by(BLOCK).chain([count - BLOCK]) {
                let block: [f32; BLOCK] = from[at..at + BLOCK].try_into().expect("a block");
                to[at..at + BLOCK].copy_from_slice(&block);
            }
        }
    } else {
        for (from, to) in band.starts() {
            let to = &mut matrix[to..to + count];
            to.iter_mut().zip(picture[from..].iter().step_by(stride)).for_each(|(to, from)| *to = *from);
        }
    }
    if count < width {
        for row in matrix.chunks_exact_mut(width).take(band.rows.end).skip(band.rows.start) {
            row[..band.columns.start].iter_mut().for_each(|x| *x = 0.0);
            row[band.columns.end..].iter_mut().for_each(|x| *x = 0.0);
        }
    }
}

/// Adds rows of the matrix to those of the picture.
#[inline]
pub(super) fn add_band(matrix: &[f32], picture: &mut [f32], band: &Band) {
    let (stride, count) = (band.stride[1], band.columns.len());
    if count == 0 {
        return;
    }
    for (to, from) in band.starts() {
        let from = &matrix[from..from + count];
        if stride != 1 {
            picture[to..].iter_mut().step_by(stride).zip(from).for_each(|(to, from)| *to += *from);
            continue;
        }
        let to = &mut picture[to..to + count];
        let ((from, from_rest), (to, to_rest)) = (from.as_chunks::<BLOCK>(), to.as_chunks_mut::<BLOCK>());
        for (to, from) in to.iter_mut().zip(from) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        }
        to_rest.iter_mut().zip(from_rest).for_each(|(to, from)| *to += *from);
    }
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
