//! The machine of one task: its blocks, and a table of where the values of each slot are.
#![allow(unsafe_code)]

use super::code::Code;
use super::isa::Isa;
use super::jit::{JitCode, Variant};
use super::layout::Tile;
use super::machine::LINE;
use super::program::{Common, SlotRange};
use crate::memory::{Blocks, RowsMut, prefetch};
use crate::scan::ScanSpec;
use crate::spikes::WORD;

/// Lines that the interpreter takes through a step at once.
const PART: usize = 16;

/// A machine with a block for each slot. Where a tile has whole lines, a slot can point at a row of a tensor
/// instead; otherwise its block is copied from or to the row.
pub(crate) struct Machine {
    isa: Isa,
    blocks: Blocks,
    table: Vec<*mut f32>,
    tile: Tile,
    /// Whether all neurons share their parameters, and what follows from them is computed already.
    shared: bool,
}

impl Machine {
    pub(crate) fn new(isa: Isa, common: &Common, size: usize) -> Self {
        let mut blocks = Blocks::new(common.table, size);
        for (slot, value) in common.literals.iter().enumerate() {
            blocks.block(slot).fill(*value);
        }
        let table = (0..common.table).map(|slot| blocks.block(slot).as_mut_ptr()).collect();
        Machine { isa, blocks, table, tile: Tile { start: 0, len: size }, shared: false }
    }

    /// Moves on to a tile: loads its parameters and computes the loop-invariant values from them.
    pub(crate) fn enter(&mut self, tile: Tile, common: &Common, spec: &ScanSpec, params: &[f32]) {
        self.tile = tile;
        if self.shared {
            return;
        }
        self.shared = spec.param_lens.iter().all(|&len| len == 1);
        for (k, slot) in common.params.slots().enumerate() {
            load(&params[spec.param_range(k)], spec, k, tile, self.own(slot));
        }
        // whole blocks: a later tile may be larger
        let lines = self.blocks.lines();
        // SAFETY: as `run`; every slot of it is a block of this machine's.
        unsafe { self.isa.execute(&common.prelude.instructions, &self.table, 0..lines) }
    }

    /// Points a slot at its own block, and returns the block.
    pub(crate) fn own(&mut self, slot: usize) -> &mut [f32] {
        self.table[slot] = self.blocks.block(slot).as_mut_ptr();
        self.blocks.block(slot)
    }

    /// Runs code that is executed once for each tile, and so is not worth compiling.
    pub(crate) fn run_once(&self, code: &Code) {
        // SAFETY: as `run`.
        unsafe { self.isa.execute(&code.instructions, &self.table, 0..self.tile.len.div_ceil(LINE)) }
    }

    /// Runs the code of a step.
    pub(crate) fn run(&self, code: &Code) {
        let lines = self.tile.len.div_ceil(LINE);
        // SAFETY: every slot of a program is in the table, and points to a block of this machine or of
        // its history, with room for a tile in whole lines, or to a tile's part of a row where that
        // is whole lines (see `whole`). Nobody else touches them: blocks are the machine's, rows that are
        // written belong to one tile alone.
        unsafe {
            match self.jit(code, false) {
                Some(jit) => jit.execute(&self.table, lines, core::ptr::null_mut()),
                // so few lines at a time that what one instruction leaves is in cache for the next
                None => (0..lines).step_by(PART).for_each(|first| {
                    self.isa.execute(&code.instructions, &self.table, first..lines.min(first + PART));
                }),
            }
        }
    }

    /// Machine code, where the processor runs it: others are never asked for executable memory.
    fn jit<'a>(&self, code: &'a Code, bits: bool) -> Option<&'a JitCode> {
        self.isa.jit().and_then(|width| code.jit(Variant { width, shared: self.shared, bits }))
    }

    /// Runs the code of a step, and writes a bit for each value of its output in `slot`: whether it is not 0.
    pub(crate) fn run_to_bits(&mut self, code: &Code, slot: usize, bits: &mut [u64]) {
        assert!(self.tile.len.is_multiple_of(WORD) && bits.len() * WORD == self.tile.len, "a bit for each value");
        let lines = self.tile.len / LINE;
        self.own(slot);
        match self.jit(code, true) {
            // SAFETY: as `run`; the bits are as many as the values.
            Some(jit) => unsafe { jit.execute(&self.table, lines, bits.as_mut_ptr()) },
            None => {
                self.run(code);
                self.isa.pack(self.values(slot), bits);
            }
        }
    }

    /// Runs the code of step `t`, whose output in `slot` goes to its row, or stays in the machine where there are no rows.
    pub(crate) fn run_to(&mut self, code: &Code, slot: usize, rows: Option<&RowsMut<'_>>, t: usize) {
        let Some(rows) = rows else {
            self.own(slot);
            return self.run(code);
        };
        self.write(slot, rows, t);
        self.run(code);
        self.written(slot, rows, t);
    }

    /// Prefetches the tile's part of a row that is read next.
    pub(crate) fn expect(&self, row: &[f32]) {
        prefetch(row[self.tile.start..].as_ptr(), self.tile.len, false);
    }

    /// Prefetches the tile's part of a row that is written next.
    pub(crate) fn expect_to(&self, rows: &RowsMut<'_>, row: usize) {
        prefetch(rows.at(row, self.tile.start, self.tile.len), self.tile.len, true);
    }

    /// Whether the tile has whole lines.
    fn whole(&self) -> bool {
        self.tile.len.is_multiple_of(LINE)
    }

    /// Gives a slot the values of the tile's part of a row.
    pub(crate) fn read(&mut self, slot: usize, row: &[f32]) {
        let part = self.tile.of(row);
        match self.whole() {
            // read only: no instruction writes to a slot that is read from outside
            true => self.table[slot] = part.as_ptr().cast_mut(),
            false => self.own(slot)[..part.len()].copy_from_slice(part),
        }
    }

    /// Lets a slot be written to the tile's part of a row; [`written`](Self::written) must follow.
    pub(crate) fn write(&mut self, slot: usize, rows: &RowsMut<'_>, row: usize) {
        self.table[slot] = match self.whole() {
            true => rows.at(row, self.tile.start, self.tile.len),
            false => self.blocks.block(slot).as_mut_ptr(),
        };
    }

    /// Completes [`write`](Self::write): what was written to the slot is in the row now.
    pub(crate) fn written(&self, slot: usize, rows: &RowsMut<'_>, row: usize) {
        if !self.whole() {
            self.copy(slot, rows, row);
        }
    }

    /// Values of a slot.
    pub(crate) fn values(&self, slot: usize) -> &[f32] {
        // SAFETY: a slot points to as many values as the tile has (see `run`), which nobody writes while the machine
        // is borrowed.
        unsafe { core::slice::from_raw_parts(self.table[slot], self.tile.len) }
    }

    /// Copies the values of a slot to a row.
    pub(crate) fn copy(&self, slot: usize, rows: &RowsMut<'_>, row: usize) {
        let to = rows.at(row, self.tile.start, self.tile.len);
        // SAFETY: the slot has that many values, the row too, and it is this tile's alone.
        unsafe { core::ptr::copy_nonoverlapping(self.table[slot], to, self.tile.len) }
    }

    /// Points a slot at a foreign block, which is as large as the machine's own.
    pub(crate) fn point(&mut self, slot: usize, block: &mut [f32]) {
        assert!(block.len() >= self.tile.len.next_multiple_of(LINE));
        self.table[slot] = block.as_mut_ptr();
    }

    /// Exchanges each slot of one range with its counterpart in the other.
    pub(crate) fn swap(&mut self, a: SlotRange, b: SlotRange) {
        for (a, b) in a.slots().zip(b.slots()) {
            self.table.swap(a, b);
        }
    }
}

/// Fills a block with the values of parameter `k` for each neuron of a tile.
fn load(values: &[f32], spec: &ScanSpec, k: usize, tile: Tile, block: &mut [f32]) {
    if let [one] = values {
        return block.fill(*one);
    }
    let shared = spec.neurons_per_value(k);
    let mut rest = &mut block[..tile.len];
    let mut neuron = tile.start % spec.neurons;
    while !rest.is_empty() {
        // neurons up to the end of the sample, or of those that share the value
        let run = if shared == 1 { spec.neurons - neuron } else { shared - neuron % shared }.min(rest.len());
        let (head, tail) = rest.split_at_mut(run);
        match shared {
            1 => head.copy_from_slice(&values[neuron..][..run]),
            _ => head.fill(values[neuron / shared]),
        }
        (rest, neuron) = (tail, (neuron + run) % spec.neurons);
    }
}
