//! A matrix in panels of few columns: a block of one fits into the fastest cache.

use super::lanes::{Block, LINE};
use crate::memory::Blocks;
use rayon::prelude::*;
use std::ops::Range;

/// Columns of a panel.
pub(super) const PANEL: usize = 64;
/// Rows of a block: 28 KiB of a panel.
pub(super) const BLOCK: usize = 112;

/// Rows of a result from which on packing pays off: fewer read each row of the factor once or twice.
const MANY: usize = 16;

/// The second factor of a product, in panels of its columns.
pub(super) struct Panels<'a> {
    values: Values<'a>,
    rows: usize,
    columns: usize,
}

enum Values<'a> {
    /// The panels one after the other, the rows of each too, padded with zeros to whole lines: blocks of rows that are
    /// whole columns of a matrix apart would compete for the same few sets of the cache.
    Packed(Blocks),
    /// As they are, in row-major order.
    InPlace(&'a [f32]),
}

impl<'a> Panels<'a> {
    /// The panels of a matrix in row-major order, for a result of so many rows.
    pub(super) fn of(values: &'a [f32], columns: usize, result: usize) -> Self {
        match result < MANY && columns.is_multiple_of(LINE) {
            true => Panels { values: Values::InPlace(values), rows: values.len() / columns, columns },
            false => Panels::packed(values, columns),
        }
    }

    /// As [`of`](Self::of), packed whatever the result.
    pub(super) fn packed(values: &[f32], columns: usize) -> Self {
        let rows = values.len() / columns;
        let mut panels = Blocks::new(columns.div_ceil(PANEL), rows * PANEL);
        let size = panels.lines() * LINE;
        panels.values_mut().par_chunks_mut(size.max(1)).enumerate().for_each(|(i, panel)| {
            let range = i * PANEL..columns.min((i + 1) * PANEL);
            let width = range.len().next_multiple_of(LINE);
            for (to, row) in panel.chunks_exact_mut(width).zip(values.chunks_exact(columns)) {
                to[..range.len()].copy_from_slice(&row[range.clone()]);
            }
        });
        Panels { values: Values::Packed(panels), rows, columns }
    }

    /// Rows of each block.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let rows = self.rows;
        (0..rows).step_by(BLOCK).map(move |first| first..rows.min(first + BLOCK))
    }

    /// Columns of each panel.
    pub(super) fn panels(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let columns = self.columns;
        (0..columns).step_by(PANEL).map(move |first| first..columns.min(first + PANEL))
    }

    /// Rows of a panel.
    pub(super) fn part(&self, panel: &Range<usize>, rows: &Range<usize>) -> Block<'_> {
        match &self.values {
            Values::Packed(panels) => {
                let stride = panel.len().next_multiple_of(LINE);
                let panel = panels.get(panel.start / PANEL);
                Block { values: &panel[rows.start * stride..rows.end * stride], stride }
            }
            Values::InPlace(values) => {
                let values = &values[rows.start * self.columns + panel.start..];
                Block { values, stride: self.columns }
            }
        }
    }
}
