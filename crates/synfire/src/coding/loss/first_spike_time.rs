//! Cross-entropy on who fires first.

use super::{Activity, Criterion, Decoded, Decoder, log_likelihood};
use crate::registry::{BadSetting, Named};
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

/// Cross-entropy of the softmax of `-t / temperature`, `t` the time of each output neuron's first spike in ms.
///
/// A neuron that never fires has the time of the end, `T dt`. The time's gradient to the first spike, and to its
/// time inside the step, is -1 per ms of a step: a stronger spike would have come earlier. Where there is no spike it
/// flows to the last step. The scores of the decoder are not used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstSpikeTime {
    /// How many ms earlier make a class `e` times as likely, above 0.
    pub temperature: f32,
}

impl Default for FirstSpikeTime {
    fn default() -> Self {
        FirstSpikeTime { temperature: 1.0 }
    }
}

impl Named for FirstSpikeTime {
    const NAME: &'static str = "first_spike_time";
    const ABOUT: &'static str = "cross-entropy of minus the time of the first spike";
}

impl FirstSpikeTime {
    /// Time of each neuron's first spike in ms, `[1, B, N]`.
    #[must_use]
    pub fn times(activity: &Activity) -> Tensor<3> {
        let (steps, dt) = (activity.steps(), activity.dt);
        let numbers = activity.step_numbers();
        let fires = activity.output.clone().detach().greater_scalar(0.0).float();
        let first = fires.clone().cumsum(0).equal_scalar(1.0).float() * fires.clone();
        let silent = fires.sum_dim(0).equal_scalar(0.0).float();
        let last = numbers.clone().equal_scalar((steps - 1) as f32).float();
        let times = activity.times();
        let ends = (first.clone() * ((numbers + 1.0) * dt - times.clone().detach())).sum_dim(0);
        let value = ends + silent.clone() * (steps as f32 * dt);
        let moves = activity.output.clone() * dt + times;
        let slope = ((first + last * silent) * (moves.clone() - moves.detach())).sum_dim(0);
        value - slope
    }
}

impl Criterion for FirstSpikeTime {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("temperature", self.temperature, "a time in ms")
    }

    fn goes_with(&self, decoder: &Decoder) -> Result<(), String> {
        // what becomes one score of several neurons has no first spike of a class
        match decoder.scores(6) {
            Ok(6) => Ok(()),
            _ => Err(format!("`first_spike_time` needs one neuron per class, `{}` has more", decoder.name())),
        }
    }

    fn loss(&self, _: &Decoded, activity: &Activity, labels: Tensor<1, Int>) -> Tensor<1> {
        -log_likelihood(Self::times(activity) / -self.temperature, labels).mean()
    }
}
