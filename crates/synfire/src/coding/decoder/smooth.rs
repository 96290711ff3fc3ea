//! Spike trains smoothed over time.

use burn::tensor::{Device, Tensor, TensorData};

/// A kernel, made to run over all trains of a record as one product.
pub(super) struct Smoother(Tensor<2>);

impl Smoother {
    /// Correlates trains of `steps` steps with a `curve` of so many taps, whose middle is on the step itself;
    /// beyond both ends of a train there are zeros.
    pub(super) fn new(taps: usize, curve: impl Fn(usize) -> f32, steps: usize, device: &Device) -> Self {
        let middle = taps.saturating_sub(1) / 2;
        // from the last step to the first one .. from the first to the last
        let weight = |at: usize| (at + middle + 1).checked_sub(steps).filter(|tap| *tap < taps).map_or(0.0, &curve);
        let weights: Vec<f32> = (0..2 * steps).map(weight).collect();
        let rows = (0..steps).flat_map(|to| weights[steps - 1 - to..][..steps].iter().copied());
        Smoother(Tensor::from_data(TensorData::new(rows.collect(), [steps, steps]), device))
    }

    /// `[T, B, N]`, each neuron's train smoothed.
    pub(super) fn smooth(&self, record: Tensor<3>) -> Tensor<3> {
        let [steps, batch, neurons] = record.dims();
        self.0.clone().matmul(record.reshape([steps, batch * neurons])).reshape([steps, batch, neurons])
    }
}
