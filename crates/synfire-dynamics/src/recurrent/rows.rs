//! Matrices whose rows lie on cache lines of their own.

use crate::memory::Blocks;

/// Columns of the widest panel; the length of a row is at least a multiple of it.
pub(super) const PANEL: usize = 32;

/// Zero-padded rows, an odd number of cache lines apart: equal columns of many rows then lie in different sets of the
/// cache.
pub(super) struct Rows {
    blocks: Blocks,
    rows: usize,
    stride: usize,
}

impl Rows {
    /// `rows` rows of zeros with room for `columns` values each.
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        let stride = Self::stride(columns);
        Rows { blocks: Blocks::new(rows, stride), rows, stride }
    }

    /// Distance of rows with so many columns.
    pub(super) fn stride(columns: usize) -> usize {
        ((columns.next_multiple_of(PANEL) / 16) | 1) * 16
    }

    /// The rows of a matrix.
    pub(super) fn of(values: &[f32], columns: usize) -> Self {
        let mut rows = Rows::new(values.len() / columns, columns);
        for (i, row) in values.chunks_exact(columns).enumerate() {
            rows.row_mut(i)[..columns].copy_from_slice(row);
        }
        rows
    }

    pub(super) fn view(&self) -> RowsView<'_> {
        self.view_from(0)
    }

    /// The rows from `first` on.
    pub(super) fn view_from(&self, first: usize) -> RowsView<'_> {
        RowsView { values: &self.blocks.values()[first * self.stride..], stride: self.stride, step: 1 }
    }

    pub(super) fn row_mut(&mut self, i: usize) -> &mut [f32] {
        self.blocks.block(i)
    }

    pub(super) fn values_mut(&mut self) -> (&mut [f32], usize) {
        (self.blocks.values_mut(), self.stride)
    }

    /// Copies `count` rows from `from` on to the rows from `to` on.
    pub(super) fn move_rows(&mut self, from: usize, count: usize, to: usize) {
        let stride = self.stride;
        self.blocks.values_mut().copy_within(from * stride..(from + count) * stride, to * stride);
    }

    /// Fills all rows with zeros.
    pub(super) fn clear(&mut self) {
        self.blocks.values_mut().fill(0.0);
    }

    /// The rows without their padding.
    pub(super) fn to_vec(&self, columns: usize) -> Vec<f32> {
        let rows = self.blocks.values().chunks_exact(self.stride).take(self.rows);
        rows.flat_map(|row| &row[..columns]).copied().collect()
    }
}

/// Rows as the kernels see them: the columns of row `r` that a product computes at once, from column `c` on, begin at
/// `c * step + r * stride`.
#[derive(Clone, Copy)]
pub(super) struct RowsView<'a> {
    pub(super) values: &'a [f32],
    pub(super) stride: usize,
    pub(super) step: usize,
}

/// A transposed matrix in panels of columns, which a dense product reads from end to end.
pub(super) struct Panels {
    blocks: Blocks,
    depth: usize,
    /// Columns of a panel.
    width: usize,
}

impl Panels {
    /// The transpose of a square matrix.
    pub(super) fn transposed(values: &[f32], size: usize, width: usize) -> Self {
        let mut blocks = Blocks::new(size.div_ceil(width), size * width);
        for (column, row) in values.chunks_exact(size).enumerate() {
            let panel = &mut blocks.block(column / width)[column % width..];
            for (to, from) in panel.iter_mut().step_by(width).zip(row) {
                *to = *from;
            }
        }
        Panels { blocks, depth: size, width }
    }

    pub(super) fn view(&self) -> RowsView<'_> {
        RowsView { values: self.blocks.values(), stride: self.width, step: self.depth }
    }
}
