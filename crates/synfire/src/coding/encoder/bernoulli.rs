//! Spikes at random in every step, whatever its length.

use super::{Encode, Signal, Source, Window};
use crate::Error;
use crate::coding::random;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// At each step a spike with probability `max_prob * x`, drawn anew: [`Poisson`](super::Poisson) without `dt`.
///
/// SPAIC's source divides the batch by its largest number where that is above 1 (`spaic_compat`); else such numbers are
/// refused.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bernoulli {
    /// Spike probability of an input of 1, in (0, 1].
    pub max_prob: f32,
    /// As SPAIC's source has it.
    pub spaic_compat: bool,
}

impl Default for Bernoulli {
    fn default() -> Self {
        Bernoulli { max_prob: 1.0, spaic_compat: false }
    }
}

impl Named for Bernoulli {
    const NAME: &'static str = "bernoulli";
    const ABOUT: &'static str = "spikes at random, whatever the length of a step";
}

impl Encode for Bernoulli {
    fn check(&self) -> Result<(), BadSetting> {
        match self.max_prob > 0.0 && self.max_prob <= 1.0 {
            true => Ok(()),
            false => Err(BadSetting::of("max_prob", format!("is {}; expected a probability in (0, 1]", self.max_prob))),
        }
    }

    fn encode(&self, source: Source, window: Window, seed: u64) -> Result<Signal, Error> {
        let range = if self.spaic_compat { [0.0, f32::MAX] } else { [0.0, 1.0] };
        let samples = source.samples(Self::NAME, range)?;
        let samples = match self.spaic_compat {
            // dividing by less than 1 would make the batch brighter
            true => samples.clone() / samples.max().clamp_min(1.0).unsqueeze_dim::<2>(0),
            false => samples,
        };
        let draws = random::signal(window.steps, &samples, seed);
        Ok(draws.lower(samples.unsqueeze_dim::<3>(0) * self.max_prob).float().into())
    }
}
