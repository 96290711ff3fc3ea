//! Outputs of a layer as lists of events, for the samples of one task.

use super::bits::Bits;
use crate::kernel::Isa;
use crate::spikes::WORD;

/// Density of the outputs up to which sums over events are faster than a dense product, as measured.
const SPARSE: f32 = 0.45;

/// Indices of the neurons that sent a spike, for each step and sample.
///
/// A step is listed if all of its outputs are 0 or 1 and few of them 1. The indices are below the number of neurons:
/// the kernels rely on it.
#[derive(Debug)]
pub(crate) struct Events {
    neurons: usize,
    samples: usize,
    /// Indices of all lists, and room for more behind them.
    indices: Vec<u32>,
    /// Where the list of each step and sample begins; the end of the last one.
    starts: Vec<usize>,
    /// Whether each step is listed.
    listed: Vec<bool>,
}

/// The events of each sample at one step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lists<'a> {
    indices: &'a [u32],
    starts: &'a [usize],
}

impl<'a> Lists<'a> {
    pub(super) fn samples(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn of(&self, sample: usize) -> &'a [u32] {
        &self.indices[self.starts[sample]..self.starts[sample + 1]]
    }
}

impl Events {
    pub(super) fn new(neurons: usize) -> Self {
        Events { neurons, samples: 0, indices: vec![], starts: vec![0], listed: vec![] }
    }

    /// Forgets all steps, and is for so many samples from then on.
    pub(super) fn clear(&mut self, samples: usize) {
        self.samples = samples;
        self.starts.truncate(1);
        self.listed.clear();
    }

    /// Appends the outputs of a step. Returns whether they are listed.
    pub(super) fn push(&mut self, isa: Isa, outputs: &Bits) -> bool {
        if !outputs.binary {
            return self.skip();
        }
        let (first, room) = (self.end(), (outputs.words.len() + 1) * WORD);
        if self.indices.len() < first + room {
            self.indices.resize((2 * first).max(first + 4 * room), 0);
        }
        for row in outputs.samples() {
            let from = self.end();
            let count = isa.list(row, &mut self.indices[from..]);
            self.starts.push(from + count);
        }
        let listed = ((self.end() - first) as f32) < SPARSE * (self.samples * self.neurons) as f32;
        if !listed {
            let empty = self.starts.len() - self.samples..;
            self.starts[empty].fill(first);
        }
        self.listed.push(listed);
        listed
    }

    /// Appends a step that is not listed.
    pub(super) fn skip(&mut self) -> bool {
        self.starts.resize(self.starts.len() + self.samples, self.end());
        self.listed.push(false);
        false
    }

    fn end(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// The events of step `t`; `None` if it is not listed.
    pub(super) fn at(&self, t: usize) -> Option<Lists<'_>> {
        let starts = &self.starts[t * self.samples..=(t + 1) * self.samples];
        self.listed[t].then_some(Lists { indices: &self.indices, starts })
    }

    /// A copy without the room for more.
    pub(super) fn copy(&self) -> Self {
        Events {
            neurons: self.neurons,
            samples: self.samples,
            indices: self.indices[..self.end()].to_vec(),
            starts: self.starts.clone(),
            listed: self.listed.clone(),
        }
    }
}
