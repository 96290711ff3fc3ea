//! Spikes at random.

use super::{Encode, Signal, Source, Window};
use crate::Error;
use crate::coding::random;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// At each step a spike with probability `unit_conversion * x * dt`, drawn anew; none outside of
/// `start_time..=end_time`, where step `k` counts as time `(k + 1) dt`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poisson {
    /// Firing rate of an input of 1, in spikes per ms, above 0.
    pub unit_conversion: f32,
    /// When it begins to fire, in ms.
    pub start_time: Option<f32>,
    /// When it stops, in ms.
    pub end_time: Option<f32>,
}

impl Default for Poisson {
    fn default() -> Self {
        Poisson { unit_conversion: 1.0, start_time: None, end_time: None }
    }
}

impl Named for Poisson {
    const NAME: &'static str = "poisson";
    const ABOUT: &'static str = "spikes at random, the more the brighter";
}

impl Poisson {
    /// The spikes that these draws make, uniform in [0, 1) and `[T, B, F]`, of samples `[B, F]`.
    #[must_use]
    pub fn spikes(&self, samples: Tensor<2>, draws: Tensor<3>, window: Window) -> Tensor<3> {
        let probability = samples.unsqueeze_dim::<3>(0) * (self.unit_conversion * window.dt);
        let spikes = draws.lower(probability).float();
        match super::is_on(self.start_time, self.end_time, window) {
            None => spikes,
            Some(on) => {
                let on = Tensor::<1>::from_floats(on.as_slice(), &spikes.device());
                spikes * on.reshape([window.steps, 1, 1])
            }
        }
    }
}

impl Encode for Poisson {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("unit_conversion", self.unit_conversion, "a rate in spikes per ms")?;
        super::check_times(self.start_time, self.end_time)
    }

    fn encode(&self, source: Source, window: Window, seed: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [0.0, 1.0])?;
        let draws = random::signal(window.steps, &samples, seed);
        Ok(self.spikes(samples, draws, window).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn it_fires_at_the_rate_and_repeats_with_the_seed() {
        let device = Device::default();
        let pixels = Tensor::<2>::from_floats([[0.0, 0.3, 1.0]], &device).expand([400, 3]);
        let encoder = Poisson { unit_conversion: 0.5, ..Poisson::default() };
        let window = Window { steps: 50, dt: 1.0 };
        let encode = |seed| encoder.encode(pixels.clone().into(), window, seed).unwrap().values;
        let rates: Vec<f32> = encode(1).mean_dim(0).mean_dim(1).into_data().try_into_vec().unwrap();
        for (rate, expected) in rates.iter().zip([0.0, 0.15, 0.5]) {
            // 20 000 draws: five standard deviations
            assert!((rate - expected).abs() < 0.018, "{rate} instead of {expected}");
        }
        assert_eq!(encode(1).into_data(), encode(1).into_data());
        assert_ne!(encode(1).into_data(), encode(2).into_data());
    }
}
