//! Events of frames, column by column.
#![allow(unsafe_code)]

use super::layout::{LANES, Layout};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

/// Events of some frames.
///
/// Frame by frame and tile by tile of the input channels, they are in the order of column, row, channel. So all that
/// a kernel column sees from one place are one slice, in which an event's code also says which row of the weights it
/// meets: kernel row and channel.
#[derive(Debug)]
pub(super) struct Columns {
    /// `row * channels + channel`.
    codes: Vec<u32>,
    /// Values of the events; empty as long as all are 1.
    values: Vec<f32>,
    /// Index of the first event of each frame, tile, column and row, and the number of events.
    starts: Vec<u32>,
    /// Tiles of a frame, and entries of `starts` for each of them.
    tiles: usize,
    places: usize,
}

/// Events of one tile of a frame.
#[derive(Clone, Copy)]
pub(super) struct Events<'a> {
    pub(super) codes: &'a [u32],
    pub(super) values: &'a [f32],
    /// For each column and row, and the end of the last one.
    pub(super) starts: &'a [u32],
}

impl Columns {
    pub(super) fn new(layout: &Layout, frames: usize) -> Self {
        let (tiles, places) = (layout.groups * layout.input_tiles(), layout.input_places());
        let mut starts = Vec::with_capacity(frames * tiles * places + 1);
        starts.push(0);
        // of spikes; a frame more, for whole registers are written
        let frame = layout.groups * layout.input_blocks() * LANES * places;
        let few = (frames * layout.groups * layout.inputs * places / 4) + 2 * frame;
        Columns { codes: Vec::with_capacity(few), values: vec![], starts, tiles, places }
    }

    /// Appends the events of a frame of spikes, from the [bits](Layout::bits) of each block.
    pub(super) fn push_spikes(&mut self, layout: &Layout, bits: &[f32]) {
        let len = layout.groups * layout.input_blocks() * layout.input_places();
        assert_eq!(bits.len(), len, "a frame of another size");
        self.reserve(len * LANES);
        let columns = &mut *self;
        dispatch!(layout.isa, push_spikes(layout: &Layout, bits: &[f32], columns: &mut Columns) -> ());
        if !self.values.is_empty() {
            self.values.resize(self.codes.len(), 1.0);
        }
    }

    /// Appends the events of a frame, whatever their values.
    pub(super) fn push(&mut self, layout: &Layout, blocks: &[f32]) {
        let len = layout.groups * layout.input_blocks() * layout.input_block();
        assert_eq!(blocks.len(), len, "a frame of another size");
        self.reserve(len);
        self.values.resize(self.codes.len(), 1.0);
        self.values.reserve(len + LANES);
        let columns = self;
        dispatch!(layout.isa, push(layout: &Layout, blocks: &[f32], columns: &mut Columns) -> ());
    }

    /// Appends the events of a frame of spikes: their codes in order, and how many there are up to each tile, column and row.
    pub(super) fn append(&mut self, codes: impl Iterator<Item = u32>, counts: &[u32]) {
        assert!(counts.len() == self.tiles * self.places && self.values.is_empty(), "a frame of another size or kind");
        let before = self.codes.len() as u32;
        self.codes.extend(codes);
        assert!(self.codes.len() <= u32::MAX as usize, "a list of events is too long");
        self.starts.extend(counts.iter().map(|count| before + count));
    }

    /// Makes room for this many events and a register: whole registers are written, whatever is in them.
    fn reserve(&mut self, len: usize) {
        assert!(self.codes.len() + len <= u32::MAX as usize, "a list of events is too long");
        self.codes.reserve(len + LANES);
    }

    /// Number of frames.
    pub(super) fn frames(&self) -> usize {
        self.starts.len() / (self.tiles * self.places)
    }

    /// Events of a tile of a frame.
    pub(super) fn tile(&self, frame: usize, tile: usize) -> Events<'_> {
        let first = (frame * self.tiles + tile) * self.places;
        Events { codes: &self.codes, values: &self.values, starts: &self.starts[first..=first + self.places] }
    }
}

/// Calls `run` for each block of each place in the order of events, with its index among `[block, place]`, the code of
/// its first channel, and how many events there are; it returns how many there are with its own.
#[inline(always)]
fn each_block(layout: &Layout, columns: &mut Columns, mut run: impl FnMut(&mut Columns, usize, usize, usize) -> usize) {
    let [height, width] = layout.input;
    let of_tile = layout.channels.div_ceil(LANES);
    let mut len = columns.codes.len();
    for group in 0..layout.groups {
        for tile in (0..layout.input_blocks()).step_by(of_tile) {
            let first = group * layout.input_blocks() + tile;
            let count = of_tile.min(layout.input_blocks() - tile);
            for x in 0..width {
                for y in 0..height {
                    for block in 0..count {
                        let place = ((first + block) * height + y) * width + x;
                        len = run(columns, place, y * layout.channels + block * LANES, len);
                    }
                    columns.starts.push(len as u32);
                }
            }
        }
    }
    // SAFETY: `run` has written as many.
    unsafe { columns.codes.set_len(len) };
}

#[inline(always)]
fn push_spikes<S: Simd>(layout: &Layout, bits: &[f32], columns: &mut Columns) {
    each_block(layout, columns, |columns, place, code, mut len| {
        let bits = bits[place].to_bits();
        for lane in (0..LANES).step_by(S::LANES) {
            let bits = bits >> lane & (u32::MAX >> (32 - S::LANES));
            // SAFETY: no place is listed twice, so that there is room for all that follow and one register more.
            len += unsafe { S::indices(bits, (code + lane) as u32, columns.codes.as_mut_ptr().add(len)) };
        }
        len
    });
}

#[inline(always)]
fn push<S: Simd>(layout: &Layout, blocks: &[f32], columns: &mut Columns) {
    each_block(layout, columns, |columns, place, code, mut len| {
        let from = &blocks[place * LANES..][..LANES];
        for (i, from) in from.chunks_exact(S::LANES).enumerate() {
            // SAFETY: a register is read from a slice of its length. No place is listed twice, so that there is room for
            // all that follow and one register more.
            unsafe {
                let (codes, values) = (columns.codes.as_mut_ptr(), columns.values.as_mut_ptr());
                let register = S::load(from.as_ptr());
                len += register.compress((code + i * S::LANES) as u32, codes.add(len), values.add(len));
            }
        }
        len
    });
    // SAFETY: they have been written up to there, as the codes.
    unsafe { columns.values.set_len(columns.codes.len()) };
}
