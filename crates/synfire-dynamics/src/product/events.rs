//! Products with inputs that are mostly zeros, such as spikes: only what is not zero is multiplied.
//!
//! A row of the result is a sum of rows of the second factor, one for each event. They are summed in
//! ascending order, a block of the second factor at a time, which meanwhile stays in cache.

use super::lanes::{Events, LINE};
use crate::kernel::Isa;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Rows of the result that one task computes.
const ROWS: usize = 32;
/// Those of a product with the transposed inputs, whose columns they are.
const COLUMNS: usize = 64;
/// Numbers of the second factor in a block: 256 KiB.
const BLOCK: usize = 1 << 16;
/// The share of events up to which they are faster than a dense product, by measurement.
const SPARSE: f32 = 0.3;
/// The outputs from which they are: finding events costs as much as few products.
const WIDE: usize = 64;
/// Numbers that tell the share.
const SAMPLE: usize = 4096;

/// Whether events are faster: few enough numbers are not zero, as told by a sample of them, and each
/// has enough outputs.
pub(super) fn pay_off(x: &[f32], outputs: usize) -> bool {
    // an odd stride meets every column
    let sample = x.iter().step_by((x.len() / SAMPLE) | 1);
    let count = sample.len() as f32;
    outputs >= WIDE && (sample.filter(|&&x| x != 0.0).count() as f32) < SPARSE * count
}

/// Adds `x W` to `y`; rows of `x` and `W` have this many numbers.
pub(super) fn add(x: &[f32], inputs: usize, weight: &[f32], outputs: usize, y: &mut [f32]) {
    sum(ROWS, weight, y, outputs, |isa, rows, block, lists| {
        for (i, row) in rows.enumerate() {
            let (places, values) = lists.room(i);
            lists.counts[i] = isa.find(&x[row * inputs..][block.clone()], places, values);
        }
    });
}

/// Adds `xᵀ g` to `weight`; rows of `x` and `g` have this many numbers.
pub(super) fn add_transposed(x: &[f32], inputs: usize, g: &[f32], outputs: usize, weight: &mut [f32]) {
    sum(COLUMNS, g, weight, outputs, |isa, columns, block, lists| {
        let room = columns.len() + LINE;
        let (mut places, mut values) = (vec![0; room], vec![0.0; room]);
        lists.counts.fill(0);
        for (at, row) in block.enumerate() {
            let count = isa.find(&x[row * inputs..][columns.clone()], &mut places, &mut values);
            for (&column, &value) in places.iter().zip(&values).take(count) {
                lists.push(column as usize, at as u32, value);
            }
        }
    });
}

/// Events of several rows or columns.
struct Lists {
    /// Room for each.
    room: usize,
    counts: Vec<usize>,
    places: Vec<u32>,
    values: Vec<f32>,
}

impl Lists {
    fn new(count: usize, room: usize) -> Self {
        Lists { room, counts: vec![0; count], places: vec![0; count * room], values: vec![0.0; count * room] }
    }

    fn list(&self, i: usize) -> Events<'_> {
        let range = i * self.room..i * self.room + self.counts[i];
        Events { places: &self.places[range.clone()], values: &self.values[range] }
    }

    fn room(&mut self, i: usize) -> (&mut [u32], &mut [f32]) {
        let range = i * self.room..(i + 1) * self.room;
        (&mut self.places[range.clone()], &mut self.values[range])
    }

    fn push(&mut self, i: usize, place: u32, value: f32) {
        let at = i * self.room + self.counts[i];
        (self.places[at], self.values[at]) = (place, value);
        self.counts[i] += 1;
    }
}

/// Adds sums of the rows of `factor` to the rows of `to`, `group` of them at a time. `list` finds the events
/// that belong to some rows of `to` and a block of `factor`.
fn sum(
    group: usize,
    factor: &[f32],
    to: &mut [f32],
    columns: usize,
    list: impl Fn(Isa, Range<usize>, Range<usize>, &mut Lists) + Sync,
) {
    let isa = Isa::best();
    let width = columns.next_multiple_of(LINE);
    let factor = widened(factor, columns, width);
    let block = (BLOCK / width).clamp(1, 512);
    let lists = || Lists::new(group, block + LINE);
    to.par_chunks_mut(group * columns).enumerate().for_each_init(lists, |lists, (i, to)| {
        let rows = i * group..i * group + to.len() / columns;
        for (i, factor) in factor.chunks(block * width).enumerate() {
            let start = i * block;
            list(isa, rows.clone(), start..start + factor.len() / width, lists);
            for (i, to) in to.chunks_exact_mut(columns).enumerate() {
                isa.add(lists.list(i), factor, to);
            }
        }
    });
}

/// The same rows with zeros at their end, so that registers are loaded whole.
fn widened(numbers: &[f32], columns: usize, width: usize) -> Cow<'_, [f32]> {
    if columns == width {
        return numbers.into();
    }
    let mut wide = vec![0.0; numbers.len() / columns * width];
    for (wide, row) in wide.chunks_exact_mut(width).zip(numbers.chunks_exact(columns)) {
        wide[..columns].copy_from_slice(row);
    }
    wide.into()
}
