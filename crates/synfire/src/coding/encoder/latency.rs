//! Latency coding: one spike per input, the earlier the larger the value.

use super::host_samples::extremes;
use super::{Activations, Encode, Once, Source, TimeGrid, settings};
use crate::Error;
use crate::coding::rounding::{Level, whole};
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// One spike per input, the earlier the larger its value (latency coding).
///
/// ```text
/// step = floor((T - 1) max_scale (1 - x))    x in [0, 1]
/// ```
///
/// The fraction that rounding leaves out is the spike's time inside its step, for neurons that take one. SPAIC takes
/// any values of 0 or more, and scales them so that the least and the largest of the batch are 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Value at or below which an input never spikes, in [-1, 1); a negative one lets all inputs spike. SPAIC's
    /// `cut_off` is 0.05 here, and a share of the largest value of the sample.
    pub cut_off: f64,
    /// Share of the steps in which the spikes are, in (0, 1].
    pub max_scale: f64,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for Latency {
    fn default() -> Self {
        Latency { cut_off: 0.05, max_scale: 1.0, spaic_compat: false }
    }
}

impl Named for Latency {
    const NAME: &'static str = "latency";
    const ABOUT: &'static str = "one spike per input, the earlier the larger its value";
}

impl Encode for Latency {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless((-1.0..1.0).contains(&self.cut_off), "cut_off", self.cut_off, "a number in [-1, 1)")?;
        let fits = self.max_scale > 0.0 && self.max_scale <= 1.0;
        BadSetting::unless(fits, "max_scale", self.max_scale, "a share in (0, 1]")
    }

    fn sparse(&self) -> bool {
        true
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let most = if self.spaic_compat { f32::MAX } else { 1.0 };
        let samples = source.on_host(Self::NAME, [0.0, most], grid)?;
        let [low, high] = extremes(&samples.values);
        let mut spikes = Once::timed(grid, samples.batch, samples.features);
        for (sample, values) in samples.values.chunks_exact(samples.features).enumerate() {
            let of_cut_off = if self.spaic_compat { extremes(values)[1] } else { 1.0 };
            for (i, x) in values.iter().enumerate() {
                if *x > self.cut_off as f32 * of_cut_off {
                    let time = match self.spaic_compat {
                        true => f64::from(self.latest(grid) as f32 * (1.0 - (x - low) / (high - low + 1e-10))),
                        false => self.time(*x, grid),
                    };
                    spikes.fire_at(time, sample * samples.features + i);
                }
            }
        }
        Ok(spikes.activations(&samples.device))
    }
}

impl Latency {
    /// Time of the spike of an input of value 0, in steps.
    fn latest(&self, grid: TimeGrid) -> f64 {
        (grid.steps - 1) as f64 * self.max_scale
    }

    /// Time of the spike of an input, in steps; exact for grey levels.
    fn time(&self, x: f32, grid: TimeGrid) -> f64 {
        let (x, latest) = (Level::of(x), self.latest(grid));
        whole(latest * (1.0 - x.value), latest * x.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};

    #[test]
    fn latencies_have_a_time_inside_the_step() {
        let pixels = Tensor::<2>::from_floats([[1.0, 0.7, 0.5]], &Device::default());
        let grid = TimeGrid { steps: 5, dt: 0.5 };
        let activations = Latency::default().encode(pixels.into(), grid, 0).unwrap();
        let times: Vec<f32> = activations.spike_times.unwrap().into_data().try_into_vec().unwrap();
        // after 0, 1.2 and 2 steps
        let expected = [[0.5, 0.0, 0.0], [0.0, 0.4, 0.0], [0.0, 0.0, 0.5], [0.0; 3], [0.0; 3]];
        assert!(times.iter().zip(expected.as_flattened()).all(|(a, b)| (a - b).abs() < 1e-6), "{times:?}");
    }

    #[test]
    fn a_negative_cut_off_lets_all_spike() {
        let pixels = Tensor::<2>::from_floats([[0.0, 1.0]], &Device::default());
        let encode = |cut_off| {
            let encoder = Latency { cut_off, ..Latency::default() };
            let signal = encoder.encode(pixels.clone().into(), TimeGrid { steps: 2, dt: 1.0 }, 0).unwrap();
            signal.values.into_data().try_into_vec::<f32>().unwrap()
        };
        assert_eq!(encode(0.0), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(encode(-1.0), [0.0, 1.0, 1.0, 0.0]);
    }

    /// Nine of the grey levels came a step early at 16 steps when the product was taken in single precision.
    #[test]
    fn every_grey_level_has_the_documented_step_on_every_grid() {
        let encoder = Latency { cut_off: -1.0, ..Latency::default() };
        for steps in 2..=1024 {
            let grid = TimeGrid { steps, dt: 1.0 };
            for k in 0..=255 {
                let exact = (steps - 1) * (255 - k) / 255;
                assert_eq!(encoder.time(k as f32 / 255.0, grid) as usize, exact, "{k} / 255 in {steps} steps");
            }
        }
        let grid = TimeGrid { steps: 16, dt: 1.0 };
        let values: Vec<f32> = (0..=255u8).map(|k| f32::from(k) / 255.0).collect();
        let samples = Tensor::<1>::from_floats(values.as_slice(), &Device::default()).reshape([1, 256]);
        let spikes: Vec<f32> =
            encoder.encode(samples.into(), grid, 0).unwrap().values.into_data().try_into_vec().unwrap();
        assert!((0..256).all(|k| spikes[15 * (255 - k) / 255 * 256 + k] == 1.0));
    }
}
