//! Actions by the softmax of spike counts.

use super::{ActionSeed, ActionSelector, Activations, Policy, checked, counts, sound};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::activation::log_softmax;
use serde::{Deserialize, Serialize};

/// Draws actions by the softmax of their neurons' spike counts (Boltzmann exploration).
///
/// ```text
/// P(a) = exp(n[a] / temperature) / sum over neurons of exp(n / temperature),   n = number of spikes
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SoftmaxAction {
    /// Number of spikes by which a neuron must fire more for its action to be `e` times as likely, above 0.
    pub temperature: f32,
    /// Whether to do as SPAIC's source does, which takes the softmax over the batch and not over the neurons: in a batch of one
    /// all actions have the same probability.
    pub spaic_compat: bool,
}

impl Default for SoftmaxAction {
    fn default() -> Self {
        SoftmaxAction { temperature: 1.0, spaic_compat: false }
    }
}

impl Named for SoftmaxAction {
    const NAME: &'static str = "softmax_action";
    const ABOUT: &'static str = "drawn by the softmax of the spike counts";
}

impl ActionSelector for SoftmaxAction {
    fn check(&self) -> Result<(), BadSetting> {
        match self.temperature > 0.0 && self.temperature.is_finite() {
            true => Ok(()),
            false => Err(BadSetting::of(
                "temperature",
                format!("is {}; expected a number of spikes above 0", self.temperature),
            )),
        }
    }

    fn policy(&self, activations: &Activations) -> Option<Policy> {
        let mut preference = counts(activations) / self.temperature;
        if self.spaic_compat {
            preference = log_softmax(preference, 0);
        }
        Some(Policy { log: log_softmax(preference, 1) })
    }

    fn select(&self, activations: &Activations, seed: ActionSeed) -> Result<Vec<usize>, Error> {
        checked(Self::NAME, self.check())?;
        sound(Self::NAME, "an output", counts(activations))?;
        Ok(self.policy(activations).map_or_else(Vec::new, |policy| policy.sample(seed)))
    }
}
