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
    /// Values of the events; empty if all are 1.
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
        // of spikes, and of the winners of pairs; a frame more, for whole registers are written
        let frame = layout.groups * layout.input_blocks() * LANES * places;
        let few = (frames * layout.groups * layout.inputs * places / 4) + 2 * frame;
        let (codes, values) = (Vec::with_capacity(few), Vec::with_capacity(few));
        Columns { codes, values, starts, tiles, places }
    }

    /// Appends the events of a frame, whose blocks have rows of this many places.
    pub(super) fn push(&mut self, layout: &Layout, blocks: &[f32], row: usize) {
        let [height, width] = layout.input;
        let len = layout.groups * layout.input_blocks() * height * row * LANES;
        assert!(row >= width && blocks.len() == len, "a frame of another size");
        assert!(self.codes.len() + len <= u32::MAX as usize, "a list of events is too long");
        // whole registers are written, whatever is in them
        let room = len + LANES;
        self.codes.reserve(room);
        self.values.reserve(room);
        let columns = self;
        dispatch!(layout.isa, push(layout: &Layout, blocks: &[f32], row: usize, columns: &mut Columns) -> ());
    }

    /// Values are not kept where all are 1, as those of spikes.
    pub(super) fn finished(mut self) -> Self {
        if self.values.iter().all(|value| *value == 1.0) {
            self.values = vec![];
        }
        self
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

#[inline(always)]
fn push<S: Simd>(layout: &Layout, blocks: &[f32], row: usize, columns: &mut Columns) {
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
                        let from = &blocks[(((first + block) * height + y) * row + x) * LANES..][..LANES];
                        for (i, from) in from.chunks_exact(S::LANES).enumerate() {
                            let code = y * layout.channels + block * LANES + i * S::LANES;
                            // SAFETY: a register is read from a slice of its length. No place is listed twice, so that
                            // there is room for all that follow and one register more.
                            unsafe {
                                let (codes, values) = (columns.codes.as_mut_ptr(), columns.values.as_mut_ptr());
                                let register = S::load(from.as_ptr());
                                len += register.compress(code as u32, codes.add(len), values.add(len));
                            }
                        }
                    }
                    columns.starts.push(len as u32);
                }
            }
        }
    }
    // SAFETY: both have been written up to there.
    unsafe {
        columns.codes.set_len(len);
        columns.values.set_len(len);
    }
}
