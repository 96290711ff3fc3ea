//! Values of a channel that the windows of a pool see.

use crate::window::Pool;
use core::ops::Range;

/// The places of a window, row by row, with the results that see a value there.
#[derive(Debug)]
pub(super) struct Taps {
    /// Results along rows and columns of the kernel, and the input that the first of them sees.
    rows: Vec<(Range<usize>, usize)>,
    columns: Vec<(Range<usize>, usize)>,
    stride: [usize; 2],
    widths: [usize; 2],
    /// Pairs of rows and columns, each for one result: the case that deserves loops of its own.
    pub(super) pairs: bool,
}

/// Results side by side, and the values that they see at one place of the window.
pub(super) struct Line {
    /// In a channel of the result.
    pub(super) results: Range<usize>,
    /// The first one's value in a channel of the input; the others are `stride` apart.
    pub(super) first: usize,
    pub(super) stride: usize,
}

impl Taps {
    pub(super) fn new(sizes: &Pool) -> Self {
        let window = &sizes.window;
        let [rows, columns] = [0, 1].map(|axis| {
            let along = sizes.axis(axis);
            (0..window.kernel[axis]).map(|tap| along.reach(tap)).collect()
        });
        Taps {
            rows,
            columns,
            stride: window.stride,
            widths: [sizes.input[1], sizes.output[1]],
            pairs: (window.kernel, window.stride, window.dilation) == ([2, 2], [2, 2], [1, 1])
                && window.padding == [[0, 0]; 2],
        }
    }

    /// Each place of the window in turn, rows of results within.
    pub(super) fn lines(&self, mut each: impl FnMut(Line)) {
        let ([down, stride], [from, to]) = (self.stride, self.widths);
        for (rows, top) in &self.rows {
            for (columns, left) in self.columns.iter().filter(|(columns, _)| !columns.is_empty()) {
                for (i, row) in rows.clone().enumerate() {
                    let results = row * to + columns.start..row * to + columns.end;
                    each(Line { results, first: (top + i * down) * from + left, stride });
                }
            }
        }
    }

    /// For each row of results of [`pairs`](Self::pairs): the pairs that they see above and below.
    pub(super) fn pair_rows<'a>(&self, input: &'a [f32]) -> impl Iterator<Item = (&'a [[f32; 2]], &'a [[f32; 2]])> {
        let [width, results] = self.widths;
        input.chunks_exact(2 * width).map(move |rows| {
            let (above, below) = rows.split_at(width);
            (&above.as_chunks().0[..results], &below.as_chunks().0[..results])
        })
    }

    /// As [`pair_rows`](Self::pair_rows), to be written.
    pub(super) fn pair_rows_mut<'a>(
        &self,
        input: &'a mut [f32],
    ) -> impl Iterator<Item = (&'a mut [[f32; 2]], &'a mut [[f32; 2]])> {
        let [width, results] = self.widths;
        input.chunks_exact_mut(2 * width).map(move |rows| {
            let (above, below) = rows.split_at_mut(width);
            (&mut above.as_chunks_mut().0[..results], &mut below.as_chunks_mut().0[..results])
        })
    }

    /// Results of a row.
    pub(super) fn width(&self) -> usize {
        self.widths[1]
    }

    /// Values of a row of the input.
    pub(super) fn input_width(&self) -> usize {
        self.widths[0]
    }
}
