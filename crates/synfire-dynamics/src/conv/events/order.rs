//! Events of spikes that come as bits: neurons are sorted by setting bits in another order.
#![allow(unsafe_code)] // to call what is compiled for an instruction set

use super::columns::Columns;
use super::layout::Layout;
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use crate::spikes::WORD;

/// The neurons of a frame in the order of events: by tile of the input channels, column, row and channel.
pub(super) struct Order {
    isa: Isa,
    /// Rank of each neuron, which is an index among `[C, H, W]`.
    ranks: Vec<u32>,
    /// Code of the event of each rank.
    codes: Vec<u32>,
    /// For each tile, column and row, the rank behind the last of its channels.
    ends: Vec<u32>,
}

/// Memory for the frames of a task.
pub(super) struct Scratch {
    /// A bit for each rank.
    bits: Vec<u64>,
    indices: Vec<u32>,
    /// Number of events up to each end.
    counts: Vec<u32>,
}

impl Order {
    pub(super) fn new(layout: &Layout) -> Self {
        let ([height, width], neurons) = (layout.input, layout.groups * layout.inputs * layout.input_places());
        let mut order = Order { isa: layout.isa, ranks: vec![0; neurons], codes: vec![], ends: vec![] };
        for group in 0..layout.groups {
            for first in (0..layout.inputs).step_by(layout.channels) {
                let channels = layout.channels.min(layout.inputs - first);
                for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
                    for channel in 0..channels {
                        let plane = group * layout.inputs + first + channel;
                        order.ranks[(plane * height + y) * width + x] = order.codes.len() as u32;
                        order.codes.push((y * layout.channels + channel) as u32);
                    }
                    order.ends.push(order.codes.len() as u32);
                }
            }
        }
        order
    }

    pub(super) fn scratch(&self) -> Scratch {
        let words = self.ranks.len().div_ceil(WORD);
        Scratch { bits: vec![0; words], indices: vec![0; (words + 1) * WORD], counts: vec![0; self.ends.len()] }
    }

    /// Appends the events of a frame with these spikes.
    pub(super) fn push(&self, spikes: &[u64], scratch: &mut Scratch, columns: &mut Columns) {
        let Scratch { bits, indices, counts } = scratch;
        bits.fill(0);
        let count = self.isa.list(spikes, indices);
        for &neuron in &indices[..count] {
            let rank = self.ranks[neuron as usize] as usize;
            bits[rank / WORD] |= 1 << (rank % WORD);
        }
        let count = self.isa.list(bits, indices);
        self.isa.count(bits, &self.ends, counts);
        columns.append(indices[..count].iter().map(|&rank| self.codes[rank as usize]), counts);
    }
}

impl Isa {
    /// Writes how many of the bits below each end are 1; ends are in ascending order.
    fn count(self, bits: &[u64], ends: &[u32], counts: &mut [u32]) {
        dispatch!(self, count(bits: &[u64], ends: &[u32], counts: &mut [u32]) -> ());
    }
}

/// The instruction set only decides how the ones of a word are counted.
#[inline(always)]
fn count<S: Simd>(bits: &[u64], ends: &[u32], counts: &mut [u32]) {
    let (mut word, mut before) = (0, 0);
    for (count, &end) in counts.iter_mut().zip(ends) {
        let end = end as usize;
        while word < end / WORD {
            before += bits[word].count_ones();
            word += 1;
        }
        let below = (1 << (end % WORD)) - 1;
        *count = before + bits.get(word).map_or(0, |bits| (bits & below).count_ones());
    }
}
