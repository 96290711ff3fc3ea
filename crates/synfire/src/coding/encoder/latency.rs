//! One spike per input, the earlier the brighter.

use super::{Encode, Signal, Source, Window, one_hot};
use crate::Error;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// One spike per input, at step `floor(max_scale (T - 1) (1 - x))`. What the rounding leaves out is the spike's
/// time inside the step, for neurons that take one.
///
/// SPAIC's source first stretches the numbers to [0, 1] over the whole batch, so that a sample's code depends on
/// the others, and takes inputs out whose number is at most `cut_off` of the sample's largest (`spaic_compat`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    /// Inputs at or below this never spike, in [0, 1); 0 with `spaic_compat` lets all spike.
    pub cut_off: f32,
    /// Share of the steps that is used, in (0, 1].
    pub max_scale: f32,
    /// As SPAIC's source has it.
    pub spaic_compat: bool,
}

impl Default for Latency {
    fn default() -> Self {
        Latency { cut_off: 0.05, max_scale: 1.0, spaic_compat: false }
    }
}

impl Named for Latency {
    const NAME: &'static str = "latency";
    const ABOUT: &'static str = "one spike per input, the earlier the brighter";
}

impl Encode for Latency {
    fn check(&self) -> Result<(), BadSetting> {
        if !(0.0..1.0).contains(&self.cut_off) {
            return Err(BadSetting::of("cut_off", format!("is {}; expected a number in [0, 1)", self.cut_off)));
        }
        match self.max_scale > 0.0 && self.max_scale <= 1.0 {
            true => Ok(()),
            false => Err(BadSetting::of("max_scale", format!("is {}; expected a share in (0, 1]", self.max_scale))),
        }
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let range = if self.spaic_compat { [0.0, f32::MAX] } else { [0.0, 1.0] };
        let samples = source.samples(Self::NAME, range)?.unsqueeze_dim::<3>(0);
        let (x, dark) = match self.spaic_compat {
            true => {
                let [least, most] = [samples.clone().min(), samples.clone().max()].map(|end| end.reshape([1, 1, 1]));
                let x = (samples.clone() - least.clone()) / (most - least + 1e-10);
                let limit = samples.clone().max_dim(2) * self.cut_off;
                let dark = samples.clone().lower_equal(limit.expand(samples.dims()));
                (x, (self.cut_off > 0.0).then_some(dark))
            }
            false => (samples.clone(), Some(samples.lower_equal_scalar(self.cut_off))),
        };
        let exact = (-x + 1.0) * ((window.steps - 1) as f32 * self.max_scale);
        let at = exact.clone().floor();
        let spike_times = Some(at.clone() - exact + 1.0);
        // what is too dim is sent past the end
        let at = match dark {
            Some(dark) => at.mask_fill(dark, window.steps as f32),
            None => at,
        };
        Ok(Signal { values: one_hot(at, window.steps), spike_times })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};

    #[test]
    fn latencies_have_a_time_inside_the_step() {
        let pixels = Tensor::<2>::from_floats([[1.0, 0.7, 0.5]], &Device::default());
        let signal = Latency::default().encode(pixels.into(), Window { steps: 5, dt: 1.0 }, 0).unwrap();
        let times: Vec<f32> = signal.spike_times.unwrap().into_data().try_into_vec().unwrap();
        // after 0, 1.2 and 2 steps
        for (actual, expected) in times.iter().zip([1.0, 0.8, 1.0]) {
            assert!((actual - expected).abs() < 1e-6, "{times:?}");
        }
    }
}
