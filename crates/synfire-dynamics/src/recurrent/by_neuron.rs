//! The events of several steps, sorted by neuron.

use super::events::Events;
use super::layout::SAMPLES;
use std::ops::Range;

/// For each neuron the rows, `step * 8 + sample`, at which it sent a spike, in ascending order.
#[derive(Debug, Default)]
pub(super) struct ByNeuron {
    /// Number of rows that the events are of.
    count: usize,
    rows: Vec<u32>,
    /// Where the list of each neuron begins, and the end of the last one.
    starts: Vec<u32>,
    next: Vec<u32>,
}

impl ByNeuron {
    /// Sorts the events of the listed steps; rows count from the first step of the range.
    pub(super) fn sort(&mut self, events: &Events, steps: Range<usize>, neurons: usize) {
        self.count = steps.len() * SAMPLES;
        self.next.clear();
        self.next.resize(neurons, 0);
        for lists in steps.clone().filter_map(|t| events.at(t)) {
            for sample in 0..lists.samples() {
                lists.of(sample).iter().for_each(|&neuron| self.next[neuron as usize] += 1);
            }
        }
        self.starts.clear();
        let mut total = 0;
        for next in &mut self.next {
            self.starts.push(total);
            total += core::mem::replace(next, total);
        }
        self.starts.push(total);
        self.rows.resize(total as usize, 0);
        for (i, t) in steps.enumerate() {
            let Some(lists) = events.at(t) else { continue };
            for sample in 0..lists.samples() {
                for &neuron in lists.of(sample) {
                    let next = &mut self.next[neuron as usize];
                    self.rows[*next as usize] = (i * SAMPLES + sample) as u32;
                    *next += 1;
                }
            }
        }
    }

    pub(super) fn neurons(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Number of rows that the lists may name.
    pub(super) fn rows(&self) -> usize {
        self.count
    }

    pub(super) fn of(&self, neuron: usize) -> &[u32] {
        &self.rows[self.starts[neuron] as usize..self.starts[neuron + 1] as usize]
    }
}
