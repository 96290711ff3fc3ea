//! Spike trains smoothed over time.

use burn::tensor::{Device, Tensor, TensorData};

/// A curve that spike trains are correlated with, as a matrix: all trains of a record are one product.
pub(super) struct Smoother(Tensor<2>);

impl Smoother {
    /// A smoother of trains of `steps` steps. The middle one of the `taps` of the `curve` is on the step itself; beyond
    /// both ends of a train there are zeros.
    pub(super) fn new(taps: usize, curve: impl Fn(usize) -> f32, steps: usize, device: &Device) -> Self {
        let middle = taps.saturating_sub(1) / 2;
        // weights by the distance of two steps, from `1 - steps` on
        let weight = |at: usize| (at + middle + 1).checked_sub(steps).filter(|tap| *tap < taps).map_or(0.0, &curve);
        let weights: Vec<f32> = (0..2 * steps).map(weight).collect();
        let rows = (0..steps).flat_map(|to| weights[steps - 1 - to..][..steps].iter().copied());
        Smoother(Tensor::from_data(TensorData::new(rows.collect(), [steps, steps]), device))
    }

    /// Smooths each neuron's train, `[T, B, N]`.
    pub(super) fn smooth(&self, record: Tensor<3>) -> Tensor<3> {
        let [steps, batch, neurons] = record.dims();
        self.0.clone().matmul(record.reshape([steps, batch * neurons])).reshape([steps, batch, neurons])
    }
}
