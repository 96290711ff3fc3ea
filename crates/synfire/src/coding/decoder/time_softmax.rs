//! Spikes weighted by their time, earlier ones more.

use super::{Activations, Decode, Decoded, Reads, time_softmax};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Spikes weighted by their time, earlier ones more, see [`time_softmax`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeSoftmax {
    /// Weight of the `rate_loss` in the loss of a training, 0 or more.
    pub rate_weight: f32,
}

impl Named for TimeSoftmax {
    const NAME: &'static str = "time_softmax";
    const ABOUT: &'static str = "spikes, earlier ones weighted more";
}

impl Decode for TimeSoftmax {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = self.rate_weight >= 0.0 && self.rate_weight.is_finite();
        BadSetting::unless(fits, "rate_weight", self.rate_weight, "0 or more")
    }

    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let out = time_softmax(activations.values.clone(), activations.times(), activations.dt);
        let penalty = (self.rate_weight > 0.0).then(|| out.rate_loss * self.rate_weight);
        Decoded { scores: out.scores.unsqueeze_dim(0), penalty }
    }
}
