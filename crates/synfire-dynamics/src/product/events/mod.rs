//! Matrix products with sparse inputs such as spikes, whose zeros are skipped.
//!
//! A row of the result is a sum of rows of the second factor, one for each event. They are summed in
//! ascending order, a block of a panel of the second factor at a time, which meanwhile stays in cache.

mod steps;

use super::lanes::{Events, LINE};
use super::panels::{BLOCK, Panels};
use crate::kernel::Isa;
use crate::memory::{Uninit, filled_with_rows};
use crate::spikes::{SpikeBits, each};
use rayon::prelude::*;
use std::ops::Range;

/// Rows of the result that one task computes.
const ROWS: usize = 32;
/// Rows of the result that one task computes of a product with transposed inputs: columns of the inputs.
const COLUMNS: usize = 64;
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

/// `x W + b`, where `x` is `[M, inputs]`, `W` is `[inputs, outputs]` and `b` is `[outputs]`.
pub(super) fn product(x: &[f32], inputs: usize, weight: &[f32], bias: &[f32]) -> Vec<f32> {
    sum([ROWS, x.len() / inputs], weight, bias, true, |isa, rows, block, lists| {
        for (i, row) in rows.enumerate() {
            let (indices, values) = lists.room(i);
            lists.counts[i] = isa.find(&x[row * inputs..][block.clone()], indices, values);
        }
    })
}

/// `xᵀ g`, where `x` is `[M, inputs]` and `g` is `[M, outputs]`.
pub(super) fn transposed_product(x: &[f32], inputs: usize, g: &[f32], outputs: usize) -> Vec<f32> {
    sum([COLUMNS, inputs], g, &vec![0.0; outputs], true, |isa, columns, block, lists| {
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
    })
}

/// As [`product`] for spikes.
pub(super) fn spikes_product(x: &SpikeBits, weight: &[f32], bias: &[f32]) -> Vec<f32> {
    if steps::pay_off(x, bias.len()) {
        return steps::product(Isa::best(), x, weight, bias);
    }
    let [steps, samples, _] = x.dims();
    sum([ROWS, steps * samples], weight, bias, false, |_, rows, block, lists| {
        lists.counts.fill(0);
        for (i, row) in rows.enumerate() {
            each(x.row(row), block.clone(), |index| lists.push(i, (index - block.start) as u32));
        }
    })
}

/// As [`transposed_product`] for spikes.
pub(super) fn spikes_transposed_product(x: &SpikeBits, g: &[f32], outputs: usize) -> Vec<f32> {
    if steps::pay_off(x, outputs) {
        return steps::transposed_product(Isa::best(), x, g, outputs);
    }
    sum([COLUMNS, x.dims()[2]], g, &vec![0.0; outputs], false, |_, columns, block, lists| {
        lists.counts.fill(0);
        for (at, row) in block.enumerate() {
            each(x.row(row), columns.clone(), |column| lists.push(column - columns.start, at as u32));
        }
    })
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
        Events::new(&self.indices[range.clone()], self.values.get(range).unwrap_or_default())
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

/// Rows that are sums of rows of `factor`, each added to `start`: so many rows, `group` of them at a time. `list` finds
/// the events that belong to some rows of the result and a block of `factor`; they are `valued` unless all are 1.
fn sum(
    [group, rows]: [usize; 2],
    factor: &[f32],
    start: &[f32],
    valued: bool,
    list: impl Fn(Isa, Range<usize>, Range<usize>, &mut Lists) + Sync,
) -> Vec<f32> {
    let (isa, columns) = (Isa::best(), start.len());
    let factor = Panels::of(factor, columns, rows);
    let mut sums = Uninit::new(rows * columns);
    let lists = || Lists::new(group, BLOCK + LINE, valued);
    let tasks = sums.unwritten().par_chunks_mut(group * columns).enumerate();
    tasks.for_each_init(lists, |lists, (i, to)| {
        let to = filled_with_rows(to, start);
        let rows = i * group..i * group + to.len() / columns;
        for block in factor.blocks() {
            list(isa, rows.clone(), block.clone(), lists);
            let events: Vec<Events<'_>> = (0..rows.len()).map(|i| lists.list(i)).collect();
            for panel in factor.panels() {
                let factor = factor.part(&panel, &block);
                let sums = events.iter().zip(to.chunks_exact_mut(columns));
                for (events, to) in sums.filter(|(events, _)| !events.is_empty()) {
                    isa.add(*events, factor, &mut to[panel.clone()]);
                }
            }
        }
    });
    sums.into_written()
}
