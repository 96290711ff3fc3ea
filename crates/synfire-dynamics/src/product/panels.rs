//! A matrix in panels of few columns: a block of one fits into the fastest cache.

use super::lanes::LINE;
use crate::memory::Blocks;
use rayon::prelude::*;
use std::ops::Range;

/// Columns of a panel.
pub(super) const PANEL: usize = 64;
/// Rows of a block: 28 KiB of a panel.
pub(super) const BLOCK: usize = 112;

/// The panels one after the other, the rows of each too: blocks of rows that are whole columns of a matrix apart would
/// compete for the same few sets of the cache.
pub(super) struct Panels {
    panels: Blocks,
    rows: usize,
    columns: usize,
}

impl Panels {
    /// The panels of a matrix in row-major order, the last one padded with zeros to whole lines.
    pub(super) fn of(values: &[f32], columns: usize) -> Self {
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
        Panels { panels, rows, columns }
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

    /// Rows of a panel, padded to whole lines.
    pub(super) fn part(&self, panel: &Range<usize>, rows: &Range<usize>) -> &[f32] {
        let width = panel.len().next_multiple_of(LINE);
        &self.panels.get(panel.start / PANEL)[rows.start * width..rows.end * width]
    }
}
