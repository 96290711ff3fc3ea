//! Products of spikes with few outputs, as those of a readout: a result is a register or two, and the whole second
//! factor stays in cache.
#![allow(unsafe_code)]

use super::lanes::LINE;
use crate::kernel::{Isa, dispatch};
use crate::memory::{Blocks, Uninit};
use crate::number::simd::*;
use crate::spikes::{SpikeBits, WORD};
use rayon::prelude::*;

/// Rows of the input that one task takes.
const ROWS: usize = 128;
/// Most outputs of a narrow product: beyond, blocks of the second factor are worth their lists.
const NARROW: usize = 4 * LINE;

/// Whether a product has so few outputs that this module multiplies spikes, however many they are, and that both factors of the
/// gradient of spikes are better kept than their product.
pub(crate) fn is_narrow(outputs: usize) -> bool {
    outputs < NARROW
}

/// Rows of so many columns, each on cache lines of its own, and a row for each bit of a word.
fn padded(values: &[f32], columns: usize) -> Blocks {
    let mut blocks = Blocks::new((values.len() / columns).next_multiple_of(WORD), columns);
    for (i, row) in values.chunks_exact(columns).enumerate() {
        blocks.block(i)[..columns].copy_from_slice(row);
    }
    blocks
}

/// `x W + b`, where `x` is `[M, inputs]`, `W` is `[inputs, outputs]` and `b` is `[outputs]`.
pub(super) fn product(x: &SpikeBits, weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let (isa, outputs, [steps, samples, inputs]) = (Isa::best(), bias.len(), x.dims());
    let width = outputs.next_multiple_of(LINE);
    let (weight, mut start) = (padded(weight, outputs), vec![0.0; width]);
    start[..outputs].copy_from_slice(bias);
    let mut sums = Uninit::new(steps * samples * outputs);
    let rows = sums.rows(outputs);
    (0..steps * samples).step_by(ROWS).collect::<Vec<_>>().into_par_iter().for_each_init(
        || (room(inputs), vec![0.0; width]),
        |(indices, sum), first| {
            for row in first..(steps * samples).min(first + ROWS) {
                isa.sum_rows((x.row(row), indices), weight.values(), &start, sum);
                rows.copy(row, 0, &sum[..outputs]);
            }
        },
    );
    sums.into_written()
}

/// `xᵀ g`, where `x` is `[M, inputs]` and `g` is `[M, outputs]`.
pub(super) fn transposed_product(x: &SpikeBits, g: &[f32], outputs: usize) -> Vec<f32> {
    let (isa, [steps, samples, inputs]) = (Isa::best(), x.dims());
    let width = outputs.next_multiple_of(LINE);
    let (rows, task) = (steps * samples, (steps * samples).div_ceil(TASKS).max(ROWS));
    let parts: Vec<Blocks> = (0..rows)
        .step_by(task)
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|first| {
            let (mut sums, mut indices, mut row_of_g) =
                (Blocks::new(inputs.next_multiple_of(WORD), outputs), room(inputs), vec![0.0; width]);
            for row in first..rows.min(first + task) {
                row_of_g[..outputs].copy_from_slice(&g[row * outputs..][..outputs]);
                isa.add_to_rows((x.row(row), &mut indices), &row_of_g, sums.values_mut());
            }
            sums
        })
        .collect();
    let mut total = vec![0.0; inputs * outputs];
    for part in &parts {
        for (total, sums) in total.chunks_exact_mut(outputs).zip(part.values().chunks_exact(width)) {
            total.iter_mut().zip(sums).for_each(|(total, x)| *total += x);
        }
    }
    total
}

/// Parts of the rows with sums of their own.
const TASKS: usize = 8;

/// Room for a list of inputs.
fn room(inputs: usize) -> Vec<u32> {
    vec![0; inputs.next_multiple_of(WORD) + WORD]
}

/// Bits, and room to list those that are 1.
type Bits<'a> = (&'a [u64], &'a mut [u32]);

impl Isa {
    /// Writes `start` and the sum of the rows of `factor` whose bits are 1; rows are as long as `to`, whole lines.
    fn sum_rows(self, bits: Bits<'_>, factor: &[f32], start: &[f32], to: &mut [f32]) {
        check(bits.0, factor.len(), to.len());
        assert_eq!(start.len(), to.len(), "a start for each sum");
        let isa = self;
        dispatch!(self, sum_rows(isa: Isa, bits: Bits<'_>, factor: &[f32], start: &[f32], to: &mut [f32]) -> ());
    }

    /// Adds `row`, of whole lines, to the rows of `sums` whose bits are 1.
    fn add_to_rows(self, bits: Bits<'_>, row: &[f32], sums: &mut [f32]) {
        check(bits.0, sums.len(), row.len());
        let isa = self;
        dispatch!(self, add_to_rows(isa: Isa, bits: Bits<'_>, row: &[f32], sums: &mut [f32]) -> ());
    }
}

fn check(words: &[u64], values: usize, width: usize) {
    assert!(width > 0 && width.is_multiple_of(LINE), "rows are not whole lines");
    assert!(words.len() * WORD * width <= values, "a row for each bit");
}

#[inline(always)]
fn sum_rows<S: Simd>(isa: Isa, (words, indices): Bits<'_>, factor: &[f32], start: &[f32], to: &mut [f32]) {
    let count = isa.list(words, indices);
    let (indices, width) = (&indices[..count], to.len());
    for at in (0..width).step_by(S::LANES) {
        // SAFETY: rows are whole registers wide, and there is one for each bit, as checked by `Isa::sum_rows`.
        unsafe {
            let column = factor.as_ptr().add(at);
            // four sums, so that an addition need not wait for the one before
            let mut sums = [S::load(start.as_ptr().add(at)), S::splat(0.0), S::splat(0.0), S::splat(0.0)];
            let (four, rest) = indices.as_chunks::<4>();
            for four in four {
                for (sum, &index) in sums.iter_mut().zip(four) {
                    *sum = sum.add(S::load(column.add(index as usize * width)));
                }
            }
            for &index in rest {
                sums[0] = sums[0].add(S::load(column.add(index as usize * width)));
            }
            let [a, b, c, d] = sums;
            a.add(b).add(c.add(d)).store(to.as_mut_ptr().add(at));
        }
    }
}

#[inline(always)]
fn add_to_rows<S: Simd>(isa: Isa, (words, indices): Bits<'_>, row: &[f32], sums: &mut [f32]) {
    let count = isa.list(words, indices);
    let (indices, width) = (&indices[..count], row.len());
    for at in (0..width).step_by(S::LANES) {
        // SAFETY: rows are whole registers wide, and there is one for each bit, as checked by `Isa::add_to_rows`.
        unsafe {
            let (row, column) = (S::load(row.as_ptr().add(at)), sums.as_mut_ptr().add(at));
            for &index in indices {
                let to = column.add(index as usize * width);
                S::load(to).add(row).store(to);
            }
        }
    }
}
