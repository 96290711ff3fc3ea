//! Spike counts, earlier spikes weighted more.

use super::{Activations, Decode, Decoded};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Spike counts, earlier spikes weighted more: `sum over k of output[k] 0.1 exp(-k / (T / 2))`, steps `k` from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeSpikeCounts {}

impl Named for TimeSpikeCounts {
    const NAME: &'static str = "time_spike_counts";
    const ABOUT: &'static str = "spike counts, earlier spikes weighted more";
}

impl Decode for TimeSpikeCounts {
    fn unit(&self, _: bool) -> &'static str {
        "weighted spikes"
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let steps = activations.steps();
        let weights: Vec<f32> = (0..steps).map(|k| 0.1 * (-(k as f32) / (0.5 * steps as f32)).exp()).collect();
        let weights = Tensor::<1>::from_floats(weights.as_slice(), &activations.values.device());
        (activations.values.clone() * weights.reshape([steps, 1, 1])).sum_dim(0).into()
    }
}
