//! Outputs on their way from one step to a later one.

use super::bits::Bits;
use super::events::Events;
use super::feed::Sent;
use crate::kernel::Isa;

/// Outputs of a few samples: events of all steps, and values of the steps on their way that are not listed.
pub(super) struct Line {
    isa: Isa,
    neurons: usize,
    /// Whether outputs are listed where they can be.
    lists: bool,
    pub(super) events: Events,
    /// Outputs that are not listed, those that arrive at step `t` at `t % delay`.
    values: Vec<Vec<f32>>,
}

impl Line {
    /// A line of layers with so many neurons, whose outputs take `delay` steps.
    pub(super) fn new(isa: Isa, neurons: usize, delay: usize, lists: bool) -> Self {
        Line { isa, neurons, lists, events: Events::new(neurons), values: vec![vec![]; delay] }
    }

    /// Forgets all steps, and is for so many samples from then on.
    pub(super) fn clear(&mut self, samples: usize) {
        self.events.clear(samples);
    }

    /// Appends the outputs that arrive at step `t`: as bits, and as values unless these are 0 or 1. Steps come in order.
    pub(super) fn send(&mut self, t: usize, bits: &Bits, outputs: Option<&[f32]>) {
        let listed = if self.lists { self.events.push(self.isa, bits) } else { self.events.skip() };
        if !listed {
            let delay = self.values.len();
            let values = &mut self.values[t % delay];
            match outputs {
                Some(outputs) => {
                    values.clear();
                    values.extend_from_slice(outputs);
                }
                None => bits.values(self.neurons, values),
            }
        }
    }

    /// The outputs that arrive at step `t`.
    pub(super) fn arriving(&self, t: usize) -> Sent<'_> {
        match self.events.at(t) {
            Some(lists) => Sent::Listed(lists),
            None => Sent::Values(&self.values[t % self.values.len()]),
        }
    }
}
