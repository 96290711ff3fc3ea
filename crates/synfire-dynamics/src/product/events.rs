//! Matrix products with sparse inputs such as spikes, whose zeros are skipped.
//!
//! A row of the result is a sum of rows of the second factor, one for each event. They are summed in
//! ascending order, a block of the second factor at a time, which meanwhile stays in cache.

use super::lanes::{Events, LINE};
use crate::kernel::Isa;
use crate::spikes::{SpikeBits, each};
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Rows of the result that one task computes.
const ROWS: usize = 32;
/// Rows of the result that one task computes of a product with transposed inputs: columns of the inputs.
const COLUMNS: usize = 64;
/// Values of the second factor in a block: 256 KiB.
const BLOCK: usize = 1 << 16;
/// Density of the inputs up to which events are faster than a dense product, as measured.
const SPARSE: f32 = 0.3;
/// Number of outputs from which events are faster: finding one costs as much as a few products.
const WIDE: usize = 64;
/// Number of inputs whose density is taken for that of all.
const SAMPLE: usize = 4096;

/// Whether events are faster than a dense product: a sample of the inputs is sparse, and there are enough
/// outputs.
pub(super) fn pay_off(x: &[f32], outputs: usize) -> bool {
    outputs >= WIDE && density(x) < SPARSE
}

/// Share of a sample of the inputs that is not zero.
pub(crate) fn density(x: &[f32]) -> f32 {
    // an odd stride meets every column
    let sample = x.iter().step_by((x.len() / SAMPLE) | 1);
    let count = sample.len() as f32;
    sample.filter(|&&x| x != 0.0).count() as f32 / count
}

/// Whether events are faster than a dense product with spikes of this density.
pub(super) fn pay_off_for(spikes: &SpikeBits, outputs: usize) -> bool {
    outputs >= WIDE && spikes.density() < SPARSE
}

/// Adds `x W` to `y`, where `x` is `[M, inputs]` and `W` is `[inputs, outputs]`.
pub(super) fn add(x: &[f32], inputs: usize, weight: &[f32], outputs: usize, y: &mut [f32]) {
    sum(ROWS, weight, y, outputs, true, |isa, rows, block, lists| {
        for (i, row) in rows.enumerate() {
            let (indices, values) = lists.room(i);
            lists.counts[i] = isa.find(&x[row * inputs..][block.clone()], indices, values);
        }
    });
}

/// Adds `xᵀ g` to `weight`, where `x` is `[M, inputs]` and `g` is `[M, outputs]`.
pub(super) fn add_transposed(x: &[f32], inputs: usize, g: &[f32], outputs: usize, weight: &mut [f32]) {
    sum(COLUMNS, g, weight, outputs, true, |isa, columns, block, lists| {
        let room = columns.len() + LINE;
        let (mut indices, mut values) = (vec![0; room], vec![0.0; room]);
        lists.counts.fill(0);
        for (at, row) in block.enumerate() {
            let count = isa.find(&x[row * inputs..][columns.clone()], &mut indices, &mut values);
            for (&column, &value) in indices.iter().zip(&values).take(count) {
                lists.push(column as usize, at as u32);
                *lists.last_value(column as usize) = value;
            }
        }
    });
}

/// As [`add`] for spikes.
pub(super) fn add_spikes(x: &SpikeBits, weight: &[f32], outputs: usize, y: &mut [f32]) {
    sum(ROWS, weight, y, outputs, false, |_, rows, block, lists| {
        lists.counts.fill(0);
        for (i, row) in rows.enumerate() {
            each(x.row(row), block.clone(), |index| lists.push(i, (index - block.start) as u32));
        }
    });
}

/// As [`add_transposed`] for spikes.
pub(super) fn add_spikes_transposed(x: &SpikeBits, g: &[f32], outputs: usize, weight: &mut [f32]) {
    sum(COLUMNS, g, weight, outputs, false, |_, columns, block, lists| {
        lists.counts.fill(0);
        for (at, row) in block.enumerate() {
            each(x.row(row), columns.clone(), |column| lists.push(column - columns.start, at as u32));
        }
    });
}

/// Events of several rows or columns of the inputs.
struct Lists {
    /// Capacity of each list.
    room: usize,
    counts: Vec<usize>,
    indices: Vec<u32>,
    /// None if all events are 1.
    values: Vec<f32>,
}

impl Lists {
    fn new(count: usize, room: usize, valued: bool) -> Self {
        let values = if valued { vec![0.0; count * room] } else { vec![] };
        Lists { room, counts: vec![0; count], indices: vec![0; count * room], values }
    }

    fn list(&self, i: usize) -> Events<'_> {
        let range = i * self.room..i * self.room + self.counts[i];
        Events { indices: &self.indices[range.clone()], values: self.values.get(range).unwrap_or_default() }
    }

    fn room(&mut self, i: usize) -> (&mut [u32], &mut [f32]) {
        let range = i * self.room..(i + 1) * self.room;
        (&mut self.indices[range.clone()], &mut self.values[range])
    }

    fn push(&mut self, i: usize, index: u32) {
        self.indices[i * self.room + self.counts[i]] = index;
        self.counts[i] += 1;
    }

    /// Value of the event that was pushed last.
    fn last_value(&mut self, i: usize) -> &mut f32 {
        &mut self.values[i * self.room + self.counts[i] - 1]
    }
}

/// Adds sums of the rows of `factor` to the rows of `to`, `group` of them at a time. `list` finds the events
/// that belong to some rows of `to` and a block of `factor`; they are `valued` unless all are 1.
fn sum(
    group: usize,
    factor: &[f32],
    to: &mut [f32],
    columns: usize,
    valued: bool,
    list: impl Fn(Isa, Range<usize>, Range<usize>, &mut Lists) + Sync,
) {
    let isa = Isa::best();
    let width = columns.next_multiple_of(LINE);
    let factor = widened(factor, columns, width);
    let block = (BLOCK / width).clamp(1, 512);
    let lists = || Lists::new(group, block + LINE, valued);
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

/// Pads rows with zeros to `width`, so that registers are loaded whole.
fn widened(values: &[f32], columns: usize, width: usize) -> Cow<'_, [f32]> {
    if columns == width {
        return values.into();
    }
    let mut wide = vec![0.0; values.len() / columns * width];
    for (wide, row) in wide.chunks_exact_mut(width).zip(values.chunks_exact(columns)) {
        wide[..columns].copy_from_slice(row);
    }
    wide.into()
}
