//! One spike per input, the earlier the brighter.

use super::{Encode, Signal, Source, Window};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// One spike per input, at step `floor((T - 1) (1 - x))`. What the rounding leaves out is the spike's time
/// inside the step, for neurons that take one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Inputs at or below this never spike, in [0, 1).
    pub cut_off: f32,
}

impl Default for Latency {
    fn default() -> Self {
        Latency { cut_off: 0.05 }
    }
}

impl Named for Latency {
    const NAME: &'static str = "latency";
    const ABOUT: &'static str = "one spike per input, the earlier the brighter";
}

impl Encode for Latency {
    fn check(&self) -> Result<(), BadSetting> {
        match (0.0..1.0).contains(&self.cut_off) {
            true => Ok(()),
            false => Err(BadSetting::of("cut_off", format!("is {}; expected a number in [0, 1)", self.cut_off))),
        }
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let steps = window.steps;
        let samples = source.samples(Self::NAME, [0.0, 1.0])?.unsqueeze_dim::<3>(0);
        let exact = (-samples.clone() + 1.0) * (steps - 1) as f32;
        let at = exact.clone().floor();
        let spike_times = Some(at.clone() - exact + 1.0);
        // what is too dim is sent past the end
        let at = at.mask_fill(samples.lower_equal_scalar(self.cut_off), steps as f32);
        let step = |t: usize| at.clone().equal_scalar(t as f32).float();
        Ok(Signal { values: Tensor::cat((0..steps).map(step).collect(), 0), spike_times })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

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
