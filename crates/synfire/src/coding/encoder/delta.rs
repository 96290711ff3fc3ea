//! Delta modulation: spikes where samples over time change.

use super::{Activations, Encode, Source, TimeGrid, Trains, over_time, settings};
use crate::Error;
use crate::coding::rounding::{Level, whole};
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// Delta modulation: a spike where a signal has risen by a threshold above its reference, which then becomes the
/// signal's value. Samples are over time, `[B, T, ..]`, and become `[T, B, ..]`.
///
/// ```text
/// s[t] =  1 if x[t] - r >= threshold
/// s[t] = -1 if r - x[t] >= threshold, with off_spikes
/// r    =  x[t] after either; x[0] at first
/// ```
///
/// Lichtsteiner, Posch & Delbruck 2008, A 128x128 120 dB 15 us latency asynchronous temporal contrast vision
/// sensor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// Change that makes a spike, above 0.
    pub threshold: f64,
    /// Whether a fall by the threshold makes a negative spike.
    pub off_spikes: bool,
}

impl Default for Delta {
    fn default() -> Self {
        Delta { threshold: 0.1, off_spikes: false }
    }
}

impl Named for Delta {
    const NAME: &'static str = "delta";
    const ABOUT: &'static str = "spikes where samples over time change (delta modulation)";
}

impl Encode for Delta {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = self.threshold > 0.0 && self.threshold.is_finite();
        BadSetting::unless(fits, "threshold", self.threshold, "a number above 0")
    }

    fn shape(&self, sample: &[usize], grid: TimeGrid) -> Result<Vec<usize>, String> {
        over_time::shape(sample, grid)
    }

    fn duration(&self, length: usize) -> Option<usize> {
        Some(length)
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let samples = source.on_host(Self::NAME, [f32::MIN, f32::MAX], grid)?;
        let features = over_time::features(Self::NAME, samples.features, grid)?;
        let mut trains = Trains::silent(grid, samples.batch, features);
        for (sample, series) in samples.values.chunks_exact(samples.features).enumerate() {
            let mut reference: Vec<Level> = series[..features].iter().map(|x| Level::of(*x)).collect();
            for (step, values) in series.chunks_exact(features).enumerate() {
                for (i, (&x, reference)) in values.iter().zip(&mut reference).enumerate() {
                    let x = Level::of(x);
                    let (change, error) = (x.value - reference.value, x.error + reference.error);
                    // multiples of the threshold, exact for grey levels and decimal numbers
                    if whole(change.abs() / self.threshold, error / self.threshold) >= 1.0 {
                        // a fall moves the reference even where it makes no spike
                        *reference = x;
                        if change > 0.0 || self.off_spikes {
                            *trains.at(step, sample * features + i) = change.signum() as f32;
                        }
                    }
                }
            }
        }
        Ok(trains.activations(&samples.device))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};

    #[test]
    fn each_change_makes_one_spike() {
        let course = [[0.0, 0.25, 0.5, 0.5, 0.25, 0.0, 0.5]];
        let samples = Tensor::<2>::from_floats(course, &Device::default());
        let encode = |off_spikes| {
            let signal =
                Delta { threshold: 0.5, off_spikes }.encode(samples.clone().into(), TimeGrid { steps: 7, dt: 1.0 }, 0);
            signal.unwrap().values.into_data().try_into_vec::<f32>().unwrap()
        };
        assert_eq!(encode(false), [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(encode(true), [0.0, 0.0, 1.0, 0.0, 0.0, -1.0, 1.0]);
    }

    #[test]
    fn changes_by_the_threshold_itself_make_spikes() {
        let grid = TimeGrid { steps: 11, dt: 1.0 };
        let spikes = |course: Vec<f32>, threshold| -> f32 {
            let samples = Tensor::<1>::from_floats(course.as_slice(), &Device::default()).reshape([1, 11]);
            let encoder = Delta { threshold, ..Delta::default() };
            encoder.encode(samples.into(), grid, 0).unwrap().values.sum().into_scalar()
        };
        // 7 spikes while rounding decided
        assert_eq!(spikes((0..11).map(|k| k as f32 / 10.0).collect(), 0.1), 10.0);
        assert_eq!(spikes((0..11).map(|k| k as f32 * 0.1).collect(), 0.1), 10.0);
        assert_eq!(spikes((0..11).map(|k| 3.0 + k as f32 * 0.1).collect(), 0.1), 10.0);
        for step in 1..=25u8 {
            let course = || (0..11).map(|k| f32::from(k * step) / 255.0).collect();
            let threshold = f64::from(step) / 255.0;
            assert_eq!([spikes(course(), threshold), spikes(course(), threshold * 1.001)], [10.0, 5.0], "{step}");
        }
    }
}
