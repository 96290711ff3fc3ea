//! Spikes, one by one.

use super::{Signal, TimeGrid};
use burn::tensor::Device;

/// Spikes of a batch, none at first.
pub(super) struct Trains {
    values: Vec<f32>,
    dims: [usize; 3],
}

impl Trains {
    pub(super) fn silent(grid: TimeGrid, batch: usize, inputs: usize) -> Self {
        Trains { values: vec![0.0; grid.steps * batch * inputs], dims: [grid.steps, batch, inputs] }
    }

    /// What is received in a step by an input, which is counted through the batch.
    pub(super) fn at(&mut self, step: usize, input: usize) -> &mut f32 {
        &mut self.values[step * self.dims[1] * self.dims[2] + input]
    }

    /// A spike; after the last step there is none.
    pub(super) fn fire(&mut self, step: usize, input: usize) {
        if step < self.dims[0] {
            *self.at(step, input) = 1.0;
        }
    }

    pub(super) fn signal(self, device: &Device) -> Signal {
        Signal::of(self.values, self.dims, device)
    }
}
