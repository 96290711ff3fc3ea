//! Spike trains smoothed over time.

use burn::tensor::{Device, Tensor, TensorData};

/// A kernel, made to run over all trains of a record as one product.
pub(super) struct Smoother(Tensor<2>);

impl Smoother {
    /// Correlates trains of `steps` steps with a kernel; beyond both ends of a train there are zeros.
    pub(super) fn new(kernel: &[f32], steps: usize, device: &Device) -> Self {
        let before = (kernel.len() - 1) / 2;
        let tap = |to: usize, from: usize| (from + before).checked_sub(to).and_then(|tap| kernel.get(tap));
        let rows = (0..steps * steps).map(|at| tap(at / steps, at % steps).copied().unwrap_or(0.0));
        Smoother(Tensor::from_data(TensorData::new(rows.collect(), [steps, steps]), device))
    }

    /// `[T, B, N]`, each neuron's train smoothed.
    pub(super) fn smooth(&self, record: Tensor<3>) -> Tensor<3> {
        let [steps, batch, neurons] = record.dims();
        self.0.clone().matmul(record.reshape([steps, batch * neurons])).reshape([steps, batch, neurons])
    }
}
