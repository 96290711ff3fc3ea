//! One spike per input, or none.

use super::{Signal, TimeGrid};
use burn::tensor::{Device, Int, Tensor, TensorData};
use synfire_dynamics::is_gpu;

/// When each input of a batch spikes.
pub(super) struct Once {
    /// A step, or less than 0 for never.
    steps: Vec<f32>,
    dims: [usize; 3],
}

impl Once {
    /// Never.
    pub(super) fn silent(grid: TimeGrid, batch: usize, inputs: usize) -> Self {
        Once { steps: vec![-1.0; batch * inputs], dims: [grid.steps, batch, inputs] }
    }

    /// A spike of an input, which is counted through the batch; after the last step there is none.
    pub(super) fn fire(&mut self, step: usize, input: usize) {
        self.steps[input] = step as f32;
    }

    /// The spikes `[T, B, I]`. A GPU is told the steps and makes the spikes itself.
    pub(super) fn signal(self, device: &Device) -> Signal {
        let dims @ [steps, batch, inputs] = self.dims;
        if is_gpu(device) {
            let fired = Tensor::<3>::from_data(TensorData::new(self.steps, [1, batch, inputs]), device);
            let now = Tensor::<1, Int>::arange(0..steps as i64, device).float().reshape([steps, 1, 1]);
            return now.expand(dims).equal(fired.expand(dims)).float().into();
        }
        let mut values = vec![0.0; steps * batch * inputs];
        for (input, &step) in self.steps.iter().enumerate() {
            if (0.0..steps as f32).contains(&step) {
                values[step as usize * batch * inputs + input] = 1.0;
            }
        }
        Signal::of(values, dims, device)
    }
}
