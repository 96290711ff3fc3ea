//! Spikes whose latency falls off exponentially.

use super::{Encode, Signal, Source, Window, one_hot};
use crate::Error;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// One spike per input after `scale (T - 1) e` steps, rounded down, where `e = exp(-amp x)` less its least value in the
/// sample: the brightest fires at once. The weakest, in the last fifth between the first and the last spike of the sample,
/// never do.
///
/// SPAIC's source takes the first and the last spike of the batch for that fifth (`spaic_compat`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelativeLatency {
    /// How fast latency falls off with brightness, above 0.
    pub amp: f32,
    /// Share of the steps that is used, in (0, 1).
    pub scale: f32,
    /// As SPAIC's source has it.
    pub spaic_compat: bool,
}

impl Default for RelativeLatency {
    fn default() -> Self {
        RelativeLatency { amp: 1.0, scale: 0.999_999_9, spaic_compat: false }
    }
}

impl Named for RelativeLatency {
    const NAME: &'static str = "relative_latency";
    const ABOUT: &'static str = "one spike per input, exponentially earlier the brighter";
}

impl Encode for RelativeLatency {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("amp", self.amp, "a number")?;
        match self.scale > 0.0 && self.scale < 1.0 {
            true => Ok(()),
            false => Err(BadSetting::of("scale", format!("is {}; expected a share in (0, 1)", self.scale))),
        }
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [0.0, f32::MAX])?.unsqueeze_dim::<3>(0);
        let steps = window.steps;
        let late = (samples * -self.amp).exp();
        let late = late.clone() - late.min_dim(2);
        let at = (late * ((steps - 1) as f32) * self.scale).floor();
        let [first, last] = match self.spaic_compat {
            true => [at.clone().min(), at.clone().max()].map(|end| end.reshape([1, 1, 1])),
            false => [at.clone().min_dim(2), at.clone().max_dim(2)],
        };
        let cut = (first.clone() + (last - first) * 0.8).floor();
        let silent = at.clone().greater_equal(cut);
        Ok(one_hot(at.mask_fill(silent, steps as f32), steps).into())
    }
}
