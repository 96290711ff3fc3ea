//! Outputs of one step as bits.

use crate::kernel::Isa;
use crate::spikes::WORD;

/// Outputs of a few samples at a step, a bit for each neuron.
#[derive(Debug, Default)]
pub(super) struct Bits {
    /// Each sample's in words of its own.
    pub(super) words: Vec<u64>,
    /// Words of a sample.
    row: usize,
    /// Whether all outputs are 0 or 1: otherwise the bits are no more than where outputs are not zero.
    pub(super) binary: bool,
}

impl Bits {
    /// Packs the outputs `[samples, neurons]` of a step.
    pub(super) fn pack(&mut self, isa: Isa, outputs: &[f32], neurons: usize) {
        self.row = neurons.div_ceil(WORD);
        self.words.resize(outputs.len() / neurons * self.row, 0);
        self.binary = true;
        for (words, row) in self.words.chunks_exact_mut(self.row).zip(outputs.chunks_exact(neurons)) {
            self.binary &= isa.pack(row, words);
        }
    }

    /// Lets `write` write the words of outputs `[samples, neurons]`, which are 0 or 1 and fill their words.
    pub(super) fn write(&mut self, outputs: usize, neurons: usize, write: impl FnOnce(&mut [u64])) {
        (self.row, self.binary) = (neurons / WORD, true);
        self.words.resize(outputs / WORD, 0);
        write(&mut self.words);
    }

    /// Writes the outputs as values, where they are 0 or 1.
    pub(super) fn values(&self, neurons: usize, to: &mut Vec<f32>) {
        to.clear();
        for words in self.samples() {
            to.extend((0..neurons).map(|i| (words[i / WORD] >> (i % WORD) & 1) as f32));
        }
    }

    /// The words of each sample.
    pub(super) fn samples(&self) -> impl Iterator<Item = &[u64]> {
        self.words.chunks_exact(self.row)
    }
}
