//! Spikes weighted by their time.

use super::{Activity, Decode, Decoded, Reads, time_softmax};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Spikes weighted by their time, see [`time_softmax`]; the penalty is its `rate_loss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeSoftmax {}

impl Named for TimeSoftmax {
    const NAME: &'static str = "time_softmax";
    const ABOUT: &'static str = "spikes weighted by their time, earlier ones more";
}

impl Decode for TimeSoftmax {
    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn decode(&self, activity: &Activity, _: &[Tensor<1>]) -> Decoded {
        let out = time_softmax(activity.output.clone(), activity.times(), activity.dt);
        Decoded { scores: out.scores.unsqueeze_dim(0), penalty: Some(out.rate_loss) }
    }
}
