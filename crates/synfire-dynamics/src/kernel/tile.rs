//! One task's machine: blocks of its own, and a table that says where each number lies now.
#![allow(unsafe_code)]

use super::code::Code;
use super::layout::{Layout, Tile, column};
use super::machine::{Isa, LINE};
use super::native::Native;
use super::program::{Common, Stretch};
use crate::memory::{Blocks, RowsMut, prefetch};

/// A machine with a block for each place. A place can be pointed at a row of a tensor instead, where the
/// tile has whole lines; where it has not, the block is filled from the row or emptied into it.
pub(super) struct Machine {
    isa: Isa,
    blocks: Blocks,
    table: Vec<*mut f32>,
    tile: Tile,
    /// Whether what the steps need of the parameters is there already, the same for every tile.
    ready: bool,
}

impl Machine {
    pub(super) fn new(isa: Isa, common: &Common, size: usize) -> Self {
        let mut blocks = Blocks::new(common.table, size);
        for (place, value) in common.literals.iter().enumerate() {
            blocks.block(place).fill(*value);
        }
        let table = (0..common.table).map(|place| blocks.block(place).as_mut_ptr()).collect();
        Machine { isa, blocks, table, tile: Tile { start: 0, len: size }, ready: false }
    }

    /// Moves on to a tile, and loads the parameters and what follows from them.
    pub(super) fn enter(&mut self, tile: Tile, common: &Common, params: &[f32], columns: &[usize], layout: &Layout) {
        self.tile = tile;
        if self.ready {
            return;
        }
        self.ready = columns.iter().all(|&len| len == 1);
        for (k, place) in common.params.places().enumerate() {
            match &params[column(columns, k)] {
                [one] => self.own(place).fill(*one),
                many => {
                    for (i, number) in self.own(place)[..tile.len].iter_mut().enumerate() {
                        *number = many[layout.of_column(many.len(), tile.start + i)];
                    }
                }
            }
        }
        // whole blocks: a later tile may be larger
        let lines = self.blocks.lines();
        // SAFETY: as `run`; every place of it is a block of this machine's.
        unsafe { self.isa.execute(&common.prelude.instructions, &self.table, lines) }
    }

    /// The block of a place.
    pub(super) fn own(&mut self, place: usize) -> &mut [f32] {
        self.table[place] = self.blocks.block(place).as_mut_ptr();
        self.blocks.block(place)
    }

    /// Runs code that is not worth a translation.
    pub(super) fn run_once(&self, code: &Code) {
        // SAFETY: as `run`.
        unsafe { self.isa.execute(&code.instructions, &self.table, self.tile.len.div_ceil(LINE)) }
    }

    pub(super) fn run(&self, code: &Code) {
        let lines = self.tile.len.div_ceil(LINE);
        // SAFETY: every place of a program is in the table, and points to a block of this machine or of
        // its history, with room for a tile in whole lines, or to a tile's stretch of a row where that
        // is whole lines (see `whole`). Nobody else touches them: blocks are the machine's, rows that are
        // written belong to one tile alone.
        unsafe {
            match self.translation(code) {
                Some(native) => native.execute(&self.table, lines),
                None => self.isa.execute(&code.instructions, &self.table, lines),
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn translation<'c>(&self, code: &'c Code) -> Option<&'c Native> {
        code.native().filter(|_| self.isa == Isa::Translated)
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn translation<'c>(&self, _: &'c Code) -> Option<&'c Native> {
        None
    }

    /// Fetches the tile's stretch of a row that is read next.
    pub(super) fn expect(&self, row: &[f32]) {
        prefetch(row[self.tile.start..].as_ptr(), self.tile.len, false);
    }

    /// Fetches the tile's stretch of a row that is written next.
    pub(super) fn expect_to(&self, rows: &RowsMut<'_>, row: usize) {
        prefetch(rows.at(row, self.tile.start, self.tile.len), self.tile.len, true);
    }

    fn whole(&self) -> bool {
        self.tile.len.is_multiple_of(LINE)
    }

    /// Lets a place have the tile's stretch of a row.
    pub(super) fn read(&mut self, place: usize, row: &[f32]) {
        let stretch = &row[self.tile.start..][..self.tile.len];
        match self.whole() {
            // read only: no instruction writes to a place that is read from outside
            true => self.table[place] = stretch.as_ptr().cast_mut(),
            false => self.own(place)[..stretch.len()].copy_from_slice(stretch),
        }
    }

    /// Lets a place be the tile's stretch of a row; [`written`](Self::written) must follow.
    pub(super) fn write(&mut self, place: usize, rows: &RowsMut<'_>, row: usize) {
        self.table[place] = match self.whole() {
            true => rows.at(row, self.tile.start, self.tile.len),
            false => self.blocks.block(place).as_mut_ptr(),
        };
    }

    /// What was written to a place is in the row it is for.
    pub(super) fn written(&self, place: usize, rows: &RowsMut<'_>, row: usize) {
        if !self.whole() {
            self.copy(place, rows, row);
        }
    }

    /// Copies a place's numbers to a row.
    pub(super) fn copy(&self, place: usize, rows: &RowsMut<'_>, row: usize) {
        let to = rows.at(row, self.tile.start, self.tile.len);
        // SAFETY: the place has that many numbers, the row too, and it is this tile's alone.
        unsafe { core::ptr::copy_nonoverlapping(self.table[place], to, self.tile.len) }
    }

    /// Points a place at a block of elsewhere, as large as the machine's own.
    pub(super) fn point(&mut self, place: usize, block: &mut [f32]) {
        assert!(block.len() >= self.tile.len.next_multiple_of(LINE));
        self.table[place] = block.as_mut_ptr();
    }

    /// Lets each place of one stretch change with its partner in the other.
    pub(super) fn swap(&mut self, a: Stretch, b: Stretch) {
        for (a, b) in a.places().zip(b.places()) {
            self.table.swap(a, b);
        }
    }
}
