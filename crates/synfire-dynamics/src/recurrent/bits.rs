//! Outputs of one step as bits.

use crate::kernel::Isa;
use crate::spikes::WORD;

/// Which neurons of a few samples send a spike at a step.
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

    /// The words of each sample.
    pub(super) fn samples(&self) -> impl Iterator<Item = &[u64]> {
        self.words.chunks_exact(self.row)
    }
}
