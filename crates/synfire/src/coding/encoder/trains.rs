//! Spike trains, set value by value.

use super::{Activations, TimeGrid};
use burn::tensor::Device;

/// Values of a batch at every step, zeros at first.
pub(super) struct Trains {
    grid: TimeGrid,
    /// Samples and inputs.
    dims: [usize; 2],
    values: Vec<f32>,
}

impl Trains {
    pub(super) fn silent(grid: TimeGrid, batch: usize, inputs: usize) -> Self {
        Trains { grid, dims: [batch, inputs], values: vec![0.0; grid.steps * batch * inputs] }
    }

    /// The value of an input in a step; the index of the input counts through the batch.
    pub(super) fn at(&mut self, step: usize, input: usize) -> &mut f32 {
        &mut self.values[step * self.dims[0] * self.dims[1] + input]
    }

    /// Makes an input spike; after the last step there is no spike.
    pub(super) fn fire(&mut self, step: usize, input: usize) {
        if step < self.grid.steps {
            *self.at(step, input) = 1.0;
        }
    }

    pub(super) fn activations(self, device: &Device) -> Activations {
        let [batch, inputs] = self.dims;
        Activations::from_host(self.values, [self.grid.steps, batch, inputs], self.grid.dt, device)
    }
}
