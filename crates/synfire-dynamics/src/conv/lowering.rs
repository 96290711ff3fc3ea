//! A convolution as matrix products: which values of the input make the rows of a matrix.
//!
//! The plain way (`im2col`) has a row for each place of the kernel: `kh kw` copies of the input. Only the
//! shifts along the columns need copies, though: a kernel row further down reads the same rows, just later
//! ones. So there are `kw` copies, each of all padded rows cut to the width of the result, and `kh` products
//! that start at different rows of them. Strides over rows are met by storing the rows of each remainder
//! together. (Cho & Brand 2017, "MEC: memory-efficient convolution".)
//!
//! With few channels those products would be too thin, and with small pictures too short: then each kernel
//! row gets copies of its own, and several frames lie side by side.

use super::rows::{Band, add_band, copy_band};
use crate::product::Matrix;
use crate::window::Convolution;
use core::ops::Range;

/// Rows of the matrix, at the least, for which a kernel row has a product of its own.
const DEEP: usize = 24;
/// Places of the result up to which frames are gathered, and how many there are then together.
const SMALL: usize = 48;
const GATHERED: usize = 128;

/// Lowering of the input of a group of channels to a matrix.
#[derive(Debug)]
pub(super) struct Lowering {
    /// Frames side by side.
    pub(super) frames: usize,
    /// Rows of the matrix: channels, kernel rows (if they have copies of their own), kernel columns.
    pub(super) depth: usize,
    /// Values that a frame has in a row of the matrix.
    pub(super) plane: usize,
    /// Where in a frame each product starts, one for each kernel row without copies of its own.
    pub(super) starts: Vec<usize>,
    /// The frames are the matrix already.
    pub(super) identity: bool,
    /// Rows of a plane, in parts of this many, and those of each part that are not padding, with the first
    /// row of the input there: for each kernel row with copies of its own, the parts of its planes.
    part: usize,
    parts: Vec<Vec<(Range<usize>, usize)>>,
    /// The same for columns, for each kernel column.
    columns: Vec<(Range<usize>, usize)>,
    geometry: Convolution,
}

impl Lowering {
    pub(super) fn new(geometry: &Convolution) -> Self {
        let g = *geometry;
        let ([kh, kw], [height, width]) = (g.window.kernel, g.output);
        let places = height * width;
        let frames = if places <= SMALL { (GATHERED / places).min(g.frames) } else { 1 };
        let (part, parts, starts);
        if frames > 1 || g.inputs * kw < DEEP || kh == 1 {
            let rows = g.window.axis(0, g.input[0], height);
            (part, starts) = (height, vec![0]);
            parts = (0..kh).map(|tap| vec![rows.reach(tap)]).collect();
        } else {
            let first = |tap: usize| tap * g.window.dilation[0];
            let stride = g.window.stride[0];
            let mut remainders: Vec<usize> = (0..kh).map(|tap| first(tap) % stride).collect();
            remainders.sort_unstable();
            remainders.dedup();
            part = height + first(kh - 1) / stride;
            let rows = g.window.axis(0, g.input[0], part);
            parts = vec![remainders.iter().map(|remainder| rows.reach_from(*remainder)).collect()];
            let index = |remainder: usize| remainders.iter().take_while(|other| **other < remainder).count();
            let start = |tap: usize| (index(first(tap) % stride) * part + first(tap) / stride) * width;
            starts = (0..kh).map(start).collect();
        }
        let columns = g.window.axis(1, g.input[1], width);
        Lowering {
            frames,
            depth: g.inputs * parts.len() * kw,
            plane: parts[0].len() * part * width,
            identity: frames == 1 && [kh, kw] == [1, 1] && g.input == g.output && g.window.stride == [1, 1],
            starts,
            part,
            parts,
            columns: (0..kw).map(|tap| columns.reach(tap)).collect(),
            geometry: g,
        }
    }

    /// Channel, kernel row and kernel column of each row of each product's matrix.
    pub(super) fn taps(&self) -> impl Iterator<Item = [usize; 3]> + '_ {
        let of_channel = move |shared, c| {
            let own = 0..self.parts.len();
            own.flat_map(move |own| (0..self.columns.len()).map(move |x| [c, own + shared, x]))
        };
        let of_product = move |shared| (0..self.geometry.inputs).flat_map(move |c| of_channel(shared, c));
        (0..self.starts.len()).flat_map(of_product)
    }

    /// Values of the matrix of all frames of a block.
    pub(super) fn len(&self) -> usize {
        self.depth * self.frames * self.plane
    }

    /// Values of the results of a group, gathered from several frames.
    pub(super) fn gathered(&self) -> usize {
        if self.frames > 1 { self.frames * self.geometry.group_outputs() } else { 0 }
    }

    /// Frames of each of this many tasks, at most: whole blocks of those that lie side by side.
    pub(super) fn frames_of_task(&self, tasks: usize) -> usize {
        self.geometry.frames.div_ceil(tasks).next_multiple_of(self.frames)
    }

    /// The matrix of `count` frames, from their first channel of a group on.
    pub(super) fn matrix<'a>(&self, frames: &'a [f32], count: usize, scratch: &'a mut [f32]) -> &'a [f32] {
        let len = self.depth * count * self.plane;
        if self.identity {
            return &frames[..len];
        }
        let matrix = &mut scratch[..len];
        self.lower(frames, count, matrix);
        matrix
    }

    /// The factors of all products.
    pub(super) fn factors<'a>(&'a self, matrix: &'a [f32], count: usize) -> impl Iterator<Item = Matrix<'a>> {
        let shape = [self.depth, count * self.geometry.output_plane()];
        self.starts.iter().map(move |start| Matrix::strided(&matrix[*start..], shape, count * self.plane))
    }

    /// Writes the matrix of `count` frames, from their first channel of a group on.
    fn lower(&self, frames: &[f32], count: usize, matrix: &mut [f32]) {
        self.bands(count, |from, to, band| copy_band(&frames[from], &mut matrix[to], band));
    }

    /// The adjoint of [`lower`](Self::lower): adds each value of the matrix to the input that it was taken from.
    pub(super) fn raise(&self, matrix: &[f32], count: usize, frames: &mut [f32]) {
        self.bands(count, |to, from, band| add_band(&matrix[from], &mut frames[to], band));
    }

    /// For each part of a plane: its channel of the input, where in the matrix it is, and how they belong together.
    fn bands(&self, count: usize, mut each: impl FnMut(Range<usize>, Range<usize>, &Band)) {
        let g = &self.geometry;
        let (plane, part) = (g.input_plane(), self.part * g.output[1]);
        let mut to = 0;
        for channel in 0..g.inputs {
            for parts in &self.parts {
                for columns in &self.columns {
                    for frame in 0..count {
                        let from = frame * g.input_frame() + channel * plane;
                        for rows in parts {
                            let band = Band {
                                rows: rows.0.clone(),
                                columns: columns.0.clone(),
                                first: [rows.1, columns.1],
                                stride: g.window.stride,
                                widths: [g.input[1], g.output[1]],
                            };
                            each(from..from + plane, to..to + part, &band);
                            to += part;
                        }
                    }
                }
            }
        }
    }
}
