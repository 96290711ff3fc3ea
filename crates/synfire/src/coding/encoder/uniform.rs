//! Spikes at regular intervals.

use super::{Encode, Signal, Source, Window};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// A spike every `p` steps, `p = ceil(amp max_time (bias + high - x) / ((bias + high - low) dt))`, where `low` and `high`
/// are the least and the largest number of the batch: at steps `p - 1`, `2 p - 1` and so on. The least never fire.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uniform {
    /// Multiplies every interval, above 0.
    pub amp: f32,
    /// Added to the range of numbers, above 0.
    pub bias: f32,
    /// Longest interval in ms, above 0; the length of the sample if not given.
    pub max_time: Option<f32>,
}

impl Default for Uniform {
    fn default() -> Self {
        Uniform { amp: 1.0, bias: 0.05, max_time: None }
    }
}

impl Named for Uniform {
    const NAME: &'static str = "uniform";
    const ABOUT: &'static str = "spikes at regular intervals, shorter the brighter";
}

impl Encode for Uniform {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("amp", self.amp, "a number")?;
        if let Some(max_time) = self.max_time {
            BadSetting::unless_above_zero("max_time", max_time, "a time in ms")?;
        }
        BadSetting::unless_above_zero("bias", self.bias, "a number")
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX])?.unsqueeze_dim::<3>(0);
        let (steps, dt) = (window.steps, window.dt);
        let max_time = self.max_time.unwrap_or(steps as f32 * dt);
        let [low, high] = [samples.clone().min(), samples.clone().max()].map(|end| end.reshape([1, 1, 1]));
        let span = (high.clone() - low.clone() + self.bias) * dt;
        let period = ((high + self.bias - samples.clone()) * (self.amp * max_time) / span).ceil();
        let least = samples.equal(low.expand(period.dims())).float();
        let period = period + least * (10.0 * max_time / dt);
        let step = |k: usize| (period.zeros_like() + k as f32).remainder(period.clone()).equal_scalar(0.0).float();
        Ok(Tensor::cat((1..=steps).map(step).collect(), 0).into())
    }
}
