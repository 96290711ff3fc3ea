//! Batches in which each input spikes once, or never.

use super::{Activations, TimeGrid};
use burn::tensor::{Device, Int, Tensor, TensorData};
use synfire_dynamics::is_gpu;

/// The spike of each input of a batch.
pub(super) struct Once {
    grid: TimeGrid,
    /// Samples and inputs.
    dims: [usize; 2],
    /// Step of each spike, below 0 for none.
    steps: Vec<f32>,
    /// Time in ms by which each spike precedes the end of its step; none if spikes have no time of their own.
    leads: Option<Vec<f32>>,
}

impl Once {
    /// A batch without spikes.
    pub(super) fn silent(grid: TimeGrid, batch: usize, inputs: usize) -> Self {
        Once { grid, dims: [batch, inputs], steps: vec![-1.0; batch * inputs], leads: None }
    }

    /// A batch without spikes, for spikes that have a time inside their step.
    pub(super) fn timed(grid: TimeGrid, batch: usize, inputs: usize) -> Self {
        Once { leads: Some(vec![0.0; batch * inputs]), ..Self::silent(grid, batch, inputs) }
    }

    /// Makes an input spike, whose index counts through the batch; after the last step there is no spike.
    pub(super) fn fire(&mut self, step: usize, input: usize) {
        self.steps[input] = step as f32;
    }

    /// Makes an input spike at a time, in steps.
    pub(super) fn fire_at(&mut self, time: f64, input: usize) {
        self.fire_in(time as usize, time, input);
    }

    /// Makes an input spike in `step`, at the place inside it that `time` has in its own; in steps.
    pub(super) fn fire_in(&mut self, step: usize, time: f64, input: usize) {
        self.fire(step, input);
        if let Some(leads) = &mut self.leads {
            leads[input] = (time.floor() + 1.0 - time) as f32 * self.grid.dt;
        }
    }

    /// The spikes `[T, B, I]`. A GPU is sent their steps and makes the spikes itself.
    pub(super) fn activations(self, device: &Device) -> Activations {
        let Once { grid, dims: [batch, inputs], steps, leads } = self;
        let dims = [grid.steps, batch, inputs];
        if is_gpu(device) {
            let row = |values| Tensor::<3>::from_data(TensorData::new(values, [1, batch, inputs]), device);
            let now = Tensor::<1, Int>::arange(0..grid.steps as i64, device).float().reshape([grid.steps, 1, 1]);
            let values = now.expand(dims).equal(row(steps).expand(dims)).float();
            let spike_times = leads.map(|leads| values.clone() * row(leads));
            return Activations { spike_times, ..Activations::new(values, grid.dt) };
        }
        let spread = |amount: &dyn Fn(usize) -> f32| {
            let mut values = vec![0.0; grid.steps * batch * inputs];
            for (input, &step) in steps.iter().enumerate() {
                if (0.0..grid.steps as f32).contains(&step) {
                    values[step as usize * batch * inputs + input] = amount(input);
                }
            }
            Activations::from_host(values, dims, grid.dt, device)
        };
        let spike_times = leads.map(|leads| spread(&|input| leads[input]).values);
        Activations { spike_times, ..spread(&|_| 1.0) }
    }
}
