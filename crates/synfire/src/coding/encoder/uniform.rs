//! Spikes at regular intervals.

use super::host_samples::extremes;
use super::{Activations, Encode, Source, TimeGrid, Trains, settings};
use crate::Error;
use crate::coding::rounding::{Level, whole};
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// Spikes at regular intervals, the shorter the larger the value; an input of value 0 never fires.
///
/// ```text
/// period = ceil(amp max_time (bias + 1 - x) / ((bias + 1) dt)) steps    x in [0, 1]
/// ```
///
/// The first spike is at the end of the first period. SPAIC takes any values of 0 or more, and the largest and the
/// least of the batch in place of 1 and 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uniform {
    /// Factor of the period, above 0.
    pub amp: f64,
    /// Keeps the period of an input of value 1 from 0, above 0.
    pub bias: f64,
    /// Period of the smallest values in ms, above 0; all steps if not given.
    pub max_time: Option<f64>,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for Uniform {
    fn default() -> Self {
        Uniform { amp: 1.0, bias: 0.05, max_time: None, spaic_compat: false }
    }
}

impl Named for Uniform {
    const NAME: &'static str = "uniform";
    const ABOUT: &'static str = "spikes at regular intervals, the shorter the larger the value";
}

impl Encode for Uniform {
    fn check(&self) -> Result<(), BadSetting> {
        for (key, value) in [("amp", self.amp), ("bias", self.bias), ("max_time", self.max_time.unwrap_or(1.0))] {
            BadSetting::unless(value > 0.0 && value.is_finite(), key, value, "a number above 0")?;
        }
        Ok(())
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let most = if self.spaic_compat { f32::MAX } else { 1.0 };
        let samples = source.on_host(Self::NAME, [0.0, most], grid)?;
        let [low, high] = if self.spaic_compat { extremes(&samples.values) } else { [0.0, 1.0] };
        let longest = self.longest(grid);
        let width = self.bias + f64::from(high - low);
        let mut trains = Trains::silent(grid, samples.batch, samples.features);
        for (i, x) in samples.values.iter().enumerate() {
            let dark = if *x > low { 0.0 } else { 10.0 * longest / self.amp };
            let period = match self.spaic_compat {
                true => (longest * (self.bias + f64::from(high - x)) / width).ceil() + dark,
                false => self.period(*x, longest),
            };
            if *x > low || self.spaic_compat {
                // step k has index k - 1
                (1..).map(|n| n as f64 * period.max(1.0)).take_while(|k| *k <= grid.steps as f64).for_each(|k| {
                    trains.fire(k as usize - 1, i);
                });
            }
        }
        Ok(trains.activations(&samples.device))
    }
}

impl Uniform {
    /// Period of the smallest values, in steps.
    fn longest(&self, grid: TimeGrid) -> f64 {
        self.amp * self.max_time.map_or(grid.steps as f64, |ms| ms / grid.dt_written())
    }

    /// Period of an input in whole steps; exact for grey levels.
    fn period(&self, x: f32, longest: f64) -> f64 {
        let (x, width) = (Level::of(x), self.bias + 1.0);
        whole(longest * (width - x.value) / width, longest * x.error / width).ceil()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};

    #[test]
    fn the_larger_the_value_the_shorter_the_period() {
        let encoder = Uniform { bias: 0.25, max_time: Some(10.0), ..Uniform::default() };
        let samples = Tensor::<2>::from_floats([[1.0, 0.5, 0.0]], &Device::default());
        let signal = encoder.encode(samples.into(), TimeGrid { steps: 12, dt: 1.0 }, 0).unwrap();
        let spikes: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
        let steps = |i: usize| -> Vec<usize> { (0..12).filter(|t| spikes[t * 3 + i] > 0.0).collect() };
        assert_eq!([steps(0), steps(1), steps(2)], [vec![1, 3, 5, 7, 9, 11], vec![5, 11], vec![]]);
    }

    /// The period of 0.15 was 19 steps: `21 * 0.9 / 1.05` is 18 but for rounding.
    #[test]
    fn periods_of_decimal_numbers_and_grey_levels_are_exact() {
        let encoder = Uniform { max_time: Some(21.0), ..Uniform::default() };
        assert_eq!(encoder.period(0.15, encoder.longest(TimeGrid { steps: 30, dt: 1.0 })), 18.0);
        let encoder = Uniform::default();
        for steps in 2..=1024 {
            let longest = encoder.longest(TimeGrid { steps, dt: 1.0 });
            for k in 0..=255 {
                // (1.05 - k / 255) / 1.05 as a fraction of whole numbers
                let exact = (steps * (1071 - 4 * k)).div_ceil(1071);
                assert_eq!(encoder.period(k as f32 / 255.0, longest), exact as f64, "{k} / 255 in {steps} steps");
            }
        }
    }
}
