//! The events of a few frames, listed column by column.

use super::field::Field;
use crate::product::LINE;

/// The bucket of a place that no window sees.
const NOWHERE: u32 = u32::MAX;

/// Events of frames: for each frame and tile of input channels in order of column, row and channel.
#[derive(Debug)]
pub(super) struct Lists {
    /// For each place of a channel: its column and row as one index, and where the weights of its row start.
    buckets: Vec<(u32, u32)>,
    /// First event of each bucket, of all lists, and the end.
    starts: Vec<u32>,
    /// Where the weights of an event start, counted from the first padded row on, and its value.
    codes: Vec<u32>,
    values: Vec<f32>,
    /// What has been found in a channel, and in a tile: bucket, code and value of each.
    found: (Vec<u32>, Vec<f32>),
    unsorted: Vec<(u32, u32, f32)>,
}

/// One list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Events<'a> {
    /// Of each bucket, and the end.
    pub(super) starts: &'a [u32],
    pub(super) codes: &'a [u32],
    pub(super) values: &'a [f32],
}

impl Lists {
    pub(super) fn new(field: &Field) -> Self {
        let ([height, width], [rows, columns]) = (field.sizes.input, field.padded);
        let [top, left] = field.sizes.window.padding.map(|[before, _]| before);
        let bucket = |y: usize, x: usize| match (y + top < rows, x + left < columns) {
            (true, true) => (((x + left) * rows + y + top) as u32, ((y + top) * field.row()) as u32),
            _ => (NOWHERE, 0),
        };
        let room = height * width + LINE;
        Lists {
            buckets: (0..height).flat_map(|y| (0..width).map(move |x| bucket(y, x))).collect(),
            starts: vec![],
            codes: vec![],
            values: vec![],
            found: (vec![0; room], vec![0.0; room]),
            unsorted: vec![],
        }
    }

    /// Lists the events of frames.
    pub(super) fn fill(&mut self, field: &Field, frames: &[f32]) {
        let plane = field.sizes.input_plane();
        let buckets = field.padded[0] * field.padded[1];
        self.starts.clear();
        self.codes.clear();
        self.values.clear();
        for frame in frames.chunks_exact(field.sizes.input_frame()) {
            for tile in frame.chunks(field.channels * plane) {
                let first = self.starts.len();
                self.starts.resize(first + buckets + 1, 0);
                self.find(field, tile, first);
                self.sort(first);
            }
        }
    }

    /// Finds the events of a tile, and counts those of each bucket.
    fn find(&mut self, field: &Field, tile: &[f32], first: usize) {
        let counts = &mut self.starts[first..];
        let (places, values) = &mut self.found;
        self.unsorted.clear();
        for (channel, plane) in tile.chunks_exact(field.sizes.input_plane()).enumerate() {
            let found = field.isa.find(plane, places, values);
            let code = (channel * field.event()) as u32;
            for (place, value) in places.iter().zip(values.iter()).take(found) {
                let (bucket, row) = self.buckets[*place as usize];
                if bucket != NOWHERE {
                    counts[bucket as usize] += 1;
                    self.unsorted.push((bucket, row + code, *value));
                }
            }
        }
    }

    /// Sorts what was found by buckets, whose counts become their starts.
    fn sort(&mut self, first: usize) {
        let base = self.codes.len();
        let starts = &mut self.starts[first..];
        let mut at = base as u32;
        for start in starts.iter_mut() {
            at += core::mem::replace(start, at);
        }
        self.codes.resize(base + self.unsorted.len(), 0);
        self.values.resize(base + self.unsorted.len(), 0.0);
        for (bucket, code, value) in &self.unsorted {
            let start = &mut starts[*bucket as usize];
            (self.codes[*start as usize], self.values[*start as usize]) = (*code, *value);
            *start += 1;
        }
        // each start has become its end: that of the next
        let last = starts.len() - 1;
        starts.copy_within(0..last, 1);
        starts[0] = base as u32;
    }

    /// The list of a frame and a tile of input channels.
    pub(super) fn get(&self, field: &Field, frame: usize, tile: usize) -> Events<'_> {
        let buckets = field.padded[0] * field.padded[1] + 1;
        let starts = &self.starts[(frame * field.tiles()[1] + tile) * buckets..][..buckets];
        Events { starts, codes: &self.codes, values: &self.values }
    }
}
