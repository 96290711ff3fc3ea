//! Spikes weighted by their time.

use super::{Activations, Decode, Decoded, Reads, time_softmax};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Spikes weighted by their time, see [`time_softmax`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeSoftmax {
    /// Weight of the `rate_loss` in the training's loss, 0 or more.
    pub rate_weight: f32,
}

impl Named for TimeSoftmax {
    const NAME: &'static str = "time_softmax";
    const ABOUT: &'static str = "spikes weighted by their time, earlier ones more";
}

impl Decode for TimeSoftmax {
    fn check(&self) -> Result<(), BadSetting> {
        match self.rate_weight >= 0.0 && self.rate_weight.is_finite() {
            true => Ok(()),
            false => Err(BadSetting::of("rate_weight", format!("is {}; expected 0 or more", self.rate_weight))),
        }
    }

    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn decode(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let out = time_softmax(activations.values.clone(), activations.times(), activations.dt);
        let penalty = (self.rate_weight > 0.0).then(|| out.rate_loss * self.rate_weight);
        Decoded { scores: out.scores.unsqueeze_dim(0), penalty }
    }
}
