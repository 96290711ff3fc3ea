//! Cross-entropy of the times of first spikes.

use super::{Activations, Criterion, Decoded, Decoder, Expected, log_likelihood};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Cross-entropy of the softmax of `-t / temperature`, `t` the time of each output neuron's first spike in ms.
///
/// ```text
/// t[T] = (T + 1) dt
/// t[k] = s[k] ((k + 1) dt - d[k]) + (1 - s[k]) t[k+1],    t = t[0]
/// ```
///
/// for spikes `s` in steps `k` from 0, `d` ms before their end; a neuron that never fires has the time of a step after
/// the last one. This is linear in each spike, so its gradient is the time by which a spike more or less would move it:
/// a neuron that is late or silent learns to fire in any earlier step. Output above 1 is taken for 1. The decoder's
/// scores are not used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstSpikeTime {
    /// Time in ms by which a class must fire earlier to be `e` times as likely, above 0.
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
    pub fn times(activations: &Activations) -> Tensor<3> {
        let (activations, steps) = (&activations.in_single(), activations.steps());
        // a clamp has no gradient at its ends, and spikes are there
        let value = activations.values.clone().detach();
        let spikes = activations.values.clone() + (value.clone().clamp(0.0, 1.0) - value);
        let at = (activations.step_indices() + 1.0) * activations.dt - activations.times();
        let never = spikes.clone().narrow(0, 0, 1).full_like((steps + 1) as f32 * activations.dt);
        (0..steps).rev().fold(never, |later, k| {
            let [spike, at] = [&spikes, &at].map(|x| x.clone().narrow(0, k, 1));
            later.clone() + spike * (at - later)
        })
    }
}

/// A number of neurons that is no multiple of any population size.
const A_PRIME: usize = 1_000_003;

impl Criterion for FirstSpikeTime {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("temperature", self.temperature, "a time in ms")
    }

    fn goes_with(&self, decoder: &Decoder) -> Result<(), String> {
        // several neurons of a class have no common first spike
        match decoder.score_count(A_PRIME) {
            Ok(A_PRIME) => Ok(()),
            _ => Err(format!(
                "`first_spike_time` needs one neuron per class, `{}` makes a score of several; set `network.decoder = \
                 \"first_spike\"`",
                decoder.name()
            )),
        }
    }

    fn is_of_scores(&self) -> bool {
        false
    }

    fn loss(&self, _: &Decoded, activations: &Activations, expected: &Expected) -> Tensor<1> {
        -log_likelihood(Self::times(activations) / -self.temperature, expected.classes()).mean()
    }
}
