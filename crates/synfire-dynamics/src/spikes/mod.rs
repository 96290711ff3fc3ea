//! Spikes as bits.

mod factored;
mod list;
mod outlet;
mod pack;
mod tracked;
mod writer;

pub(crate) use factored::{FactoredGradient, sum};
pub(crate) use outlet::Outlet;
pub use tracked::Spikes;
pub(crate) use writer::Writer;

use crate::kernel::Isa;
use burn::tensor::{Device, Tensor, TensorData};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Spikes of a batch over time on the host, a bit for each: a thirty-second part of the memory of a tensor, and the form
/// that products of spikes on CPUs want.
///
/// [`CounterRng::spikes`](crate::CounterRng::spikes) draws some; [`linear_spikes`](crate::linear_spikes) multiplies by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpikeBits {
    /// Steps, samples and inputs.
    dims: [usize; 3],
    /// The inputs of each step and sample in words of their own, from the lowest bit on.
    words: Arc<[u64]>,
}

/// Bits of a word.
pub(crate) const WORD: usize = 64;
/// Rows that one task packs.
const ROWS: usize = 64;

impl SpikeBits {
    /// Packs rows that `fill` writes: of each row, its index and its words, all of whose bits are 0.
    pub(crate) fn packed(dims: [usize; 3], fill: impl Fn(usize, &mut [u64]) + Sync) -> Self {
        let words = dims[2].div_ceil(WORD);
        let mut all = vec![0; dims[0] * dims[1] * words];
        all.par_chunks_mut(words.max(1)).enumerate().for_each(|(row, words)| fill(row, words));
        SpikeBits { dims, words: all.into() }
    }

    /// The rows of a matrix with this many columns, as one step; `None` if a value is neither 0 nor 1.
    #[cfg_attr(not(any(feature = "flex", feature = "ndarray")), allow(dead_code))]
    pub(crate) fn of(isa: Isa, values: &[f32], columns: usize) -> Option<Self> {
        let (rows, words) = (values.len() / columns, columns.div_ceil(WORD));
        let mut all = vec![0; rows * words];
        let tasks = all.par_chunks_mut(ROWS * words).zip(values.par_chunks(ROWS * columns));
        let rows_of = |all: &mut [u64], values: &[f32]| {
            let mut rows = all.chunks_exact_mut(words).zip(values.chunks_exact(columns));
            rows.all(|(words, row)| isa.pack(row, words))
        };
        tasks
            .all(|(all, values)| rows_of(all, values))
            .then(|| SpikeBits { dims: [1, rows, columns], words: all.into() })
    }

    /// Steps, samples and inputs.
    #[must_use]
    pub fn dims(&self) -> [usize; 3] {
        self.dims
    }

    /// Share of the inputs that spike, 0 to 1.
    #[must_use]
    pub fn density(&self) -> f32 {
        let spikes: u32 = self.words.iter().map(|word| word.count_ones()).sum();
        spikes as f32 / self.dims.iter().product::<usize>().max(1) as f32
    }

    /// Words of a row: of a step and sample.
    pub(crate) fn row(&self, row: usize) -> &[u64] {
        let words = self.dims[2].div_ceil(WORD);
        &self.words[row * words..][..words]
    }

    /// The spikes as a tensor of 0 and 1, `[T, B, N]`.
    #[must_use]
    pub fn tensor(&self, device: &Device) -> Tensor<3> {
        Tensor::from_data(TensorData::new(self.values(), self.dims), device)
    }

    /// Values 0 and 1 of neighbouring neurons of a step: `start` is the index of the first one among those of all samples.
    #[cfg_attr(not(any(feature = "flex", feature = "ndarray")), allow(dead_code))]
    pub(crate) fn part(&self, step: usize, start: usize, len: usize) -> Vec<f32> {
        let [_, samples, neurons] = self.dims;
        let (mut values, end) = (vec![0.0; len], start + len);
        for sample in start / neurons..end.div_ceil(neurons) {
            let first = sample * neurons;
            let range = start.max(first) - first..end.min(first + neurons) - first;
            each(self.row(step * samples + sample), range, |neuron| values[first + neuron - start] = 1.0);
        }
        values
    }

    /// The spikes as values 0 and 1.
    pub(crate) fn values(&self) -> Vec<f32> {
        let columns = self.dims[2];
        let mut values = vec![0.0; self.dims.iter().product()];
        values.par_chunks_mut(columns.max(1)).enumerate().for_each(|(i, values)| {
            each(self.row(i), 0..columns, |column| values[column] = 1.0);
        });
        values
    }
}

/// Calls `run` with the index of each bit of a range that is 1, in ascending order.
#[inline(always)]
pub(crate) fn each(words: &[u64], range: Range<usize>, mut run: impl FnMut(usize)) {
    let (from, to) = (range.start / WORD, range.end.div_ceil(WORD));
    for (at, &word) in (from..).zip(&words[from..to]) {
        let first = at * WORD;
        let mut word = word;
        if range.start > first {
            word &= u64::MAX << (range.start - first);
        }
        if range.end - first < WORD {
            word &= !(u64::MAX << (range.end - first));
        }
        while word != 0 {
            run(first + word.trailing_zeros() as usize);
            word &= word - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value of 1 where a pseudo-random number says so, and its index.
    fn row(len: usize, seed: usize) -> (Vec<f32>, Vec<usize>) {
        let spikes = |i: &usize| (i * 7919 + seed * 104_729) % 11 < 3;
        let values = (0..len).map(|i| f32::from(spikes(&i))).collect();
        (values, (0..len).filter(spikes).collect())
    }

    #[test]
    fn bits_are_found_where_values_are_one() {
        for isa in Isa::available() {
            for len in [1, 7, 8, 63, 64, 65, 130, 300] {
                let (values, expected) = row(len, len);
                let bits = SpikeBits::of(isa, &values, len).unwrap();
                for range in [0..len, len / 3..len, 0..len / 2, len / 3..len / 2, len..len] {
                    let mut found = vec![];
                    each(bits.row(0), range.clone(), |i| found.push(i));
                    let expected: Vec<usize> = expected.iter().copied().filter(|i| range.contains(i)).collect();
                    assert_eq!(found, expected, "{isa:?}, {range:?} of {len}");
                }
                assert_eq!(bits.values(), values);
            }
        }
    }

    #[test]
    fn only_zeros_and_ones_are_packed() {
        for isa in Isa::available() {
            for (at, value) in [(0, 0.5), (70, f32::NAN), (129, f32::INFINITY), (3, -1.0), (128, 2.0), (64, 1e-40)] {
                let (mut values, _) = row(2 * 130, 1);
                assert!(SpikeBits::of(isa, &values, 130).is_some());
                values[130 + at] = value;
                assert!(SpikeBits::of(isa, &values, 130).is_none(), "{value} on {isa:?}");
                values[130 + at] = -0.0;
                assert_eq!(SpikeBits::of(isa, &values, 130).unwrap().row(1)[at / 64] >> (at % 64) & 1, 0);
            }
        }
    }

    #[test]
    fn a_tensor_has_its_spikes() {
        let bits = SpikeBits::packed([2, 3, 70], |row, words| words[row % 2] = 1 << row);
        assert_eq!(bits.density(), 6.0 / 420.0);
        let values: Vec<f32> = bits.tensor(&Device::default()).into_data().try_into_vec().unwrap();
        let spikes: Vec<usize> = (0..420).filter(|i| values[*i] == 1.0).collect();
        assert_eq!(spikes, [0, 70 + 65, 140 + 2, 210 + 67, 280 + 4, 350 + 69]);
    }
}
