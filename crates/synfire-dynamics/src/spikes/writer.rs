//! Bits that several tasks write, each those of its own neurons.

use super::{SpikeBits, WORD};
use crate::kernel::Isa;
use std::sync::atomic::{AtomicU64, Ordering};

/// Spikes that are being written.
pub(crate) struct Writer {
    isa: Isa,
    dims: [usize; 3],
    words: Vec<AtomicU64>,
}

/// Words that are packed at once.
const BLOCK: usize = 16;

impl Writer {
    /// No spikes yet, of so many steps, samples and neurons.
    pub(crate) fn new(isa: Isa, dims: [usize; 3]) -> Self {
        let words = dims[0] * dims[1] * dims[2].div_ceil(WORD);
        Writer { isa, dims, words: (0..words).map(|_| AtomicU64::new(0)).collect() }
    }

    /// Writes values 0 and 1 of neighbouring neurons of a step: `start` is the index of the first one among those of all
    /// samples. Each neuron is written once.
    pub(crate) fn write(&self, step: usize, start: usize, mut values: &[f32]) {
        let [_, samples, neurons] = self.dims;
        let (mut at, mut bits) = (start, [0; BLOCK]);
        while !values.is_empty() {
            let (sample, neuron) = (at / neurons, at % neurons);
            let (part, rest) = values.split_at(values.len().min(neurons - neuron).min(BLOCK * WORD));
            let bits = &mut bits[..part.len().div_ceil(WORD)];
            self.isa.pack(part, bits);
            let first = (step * samples + sample) * neurons.div_ceil(WORD) + neuron / WORD;
            self.put(first, neuron % WORD, bits);
            at += part.len();
            values = rest;
        }
    }

    /// Whether neurons fill their words, so that neighbouring words have neighbouring neurons.
    pub(crate) fn whole_words(&self) -> bool {
        self.dims[2].is_multiple_of(WORD)
    }

    /// Writes neighbouring words of a step, each of which is written once: `first` is the index of the first one among those of
    /// all samples.
    pub(crate) fn write_words(&self, step: usize, first: usize, bits: &[u64]) {
        let words = self.dims[1] * self.dims[2].div_ceil(WORD);
        assert!(first + bits.len() <= words, "words beyond the step");
        for (to, &bits) in self.words[step * words + first..].iter().zip(bits) {
            to.store(bits, Ordering::Relaxed);
        }
    }

    /// Adds bits from bit `shift` of word `first` on.
    fn put(&self, first: usize, shift: usize, bits: &[u64]) {
        // the order does not matter: tasks set other bits, and nobody reads them before all are done
        for (i, &bits) in (first..).zip(bits) {
            if self.whole_words() && shift == 0 {
                self.words[i].store(bits, Ordering::Relaxed);
                continue;
            }
            self.words[i].fetch_or(bits << shift, Ordering::Relaxed);
            let beyond = if shift == 0 { 0 } else { bits >> (WORD - shift) };
            if beyond != 0 {
                self.words[i + 1].fetch_or(beyond, Ordering::Relaxed);
            }
        }
    }

    /// The spikes, once all of them have been written.
    pub(crate) fn finish(self) -> SpikeBits {
        SpikeBits { dims: self.dims, words: self.words.into_iter().map(AtomicU64::into_inner).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn parts_in_any_order_are_the_whole() {
        for isa in Isa::available() {
            for (neurons, size) in [(64, 64), (512, 256), (10, 64), (100, 64), (70, 16), (1, 5), (3000, 2500)] {
                let dims = [3, 5, neurons];
                let plane = 5 * neurons;
                let values: Vec<f32> = (0..3 * plane).map(|i| f32::from(i * 7919 % 11 < 3)).collect();
                let writer = Writer::new(isa, dims);
                let parts: Vec<usize> = (0..plane).step_by(size).rev().collect();
                parts.par_iter().for_each(|&start| {
                    for (step, row) in values.chunks_exact(plane).enumerate() {
                        writer.write(step, start, &row[start..plane.min(start + size)]);
                    }
                });
                assert_eq!(writer.finish().values(), values, "{neurons} neurons, {size} at once");
            }
        }
    }
}
