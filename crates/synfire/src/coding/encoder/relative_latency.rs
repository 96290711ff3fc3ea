//! Relative latency coding: one spike per input, the earlier the larger its value in the sample.

use super::host_samples::extremes;
use super::{Activations, Encode, Once, Source, TimeGrid, settings};
use crate::Error;
use crate::coding::rounding::{Level, whole};
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// One spike per input, the earlier the larger its value in the sample; the largest fires in the first step.
///
/// ```text
/// e    = exp(-amp x)                                  x of 0 or more
/// step = floor((T - 1) scale (e - least e of the sample))
/// ```
///
/// The later ones of the steps with spikes are cut, so the smallest values never fire: those of a sample, in SPAIC those
/// of the whole batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelativeLatency {
    /// Factor of the values, above 0.
    pub amp: f64,
    /// Share of the steps in which the spikes are, in (0, 1).
    pub scale: f64,
    /// Share of the steps with spikes that stay, in (0, 1].
    pub cut: f64,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for RelativeLatency {
    fn default() -> Self {
        RelativeLatency { amp: 1.0, scale: 0.999_999_9, cut: 0.8, spaic_compat: false }
    }
}

impl Named for RelativeLatency {
    const NAME: &'static str = "relative_latency";
    const ABOUT: &'static str = "one spike per input, the earlier the larger its value in the sample";
}

impl Encode for RelativeLatency {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = self.amp > 0.0 && self.amp.is_finite();
        BadSetting::unless(fits, "amp", self.amp, "a number above 0")?;
        let fits = self.scale > 0.0 && self.scale < 1.0;
        BadSetting::unless(fits, "scale", self.scale, "a share in (0, 1)")?;
        BadSetting::unless(self.cut > 0.0 && self.cut <= 1.0, "cut", self.cut, "a share in (0, 1]")
    }

    fn sparse(&self) -> bool {
        true
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let samples = source.on_host(Self::NAME, [0.0, f32::MAX], grid)?;
        let latest = (grid.steps - 1) as f64 * self.scale;
        let mut steps = Vec::with_capacity(samples.values.len());
        for sample in samples.values.chunks_exact(samples.features) {
            let largest = extremes(sample)[1];
            steps.extend(sample.iter().map(|x| match self.spaic_compat {
                true => {
                    let e = |x: f32| (-self.amp as f32 * x).exp();
                    (latest as f32 * (e(*x) - e(largest))).trunc()
                }
                false => {
                    let e = |x: f32| (-self.amp * Level::of(x).value).exp();
                    whole(latest * (e(*x) - e(largest)), 0.0).floor() as f32
                }
            }));
        }
        let mut spikes = Once::silent(grid, samples.batch, samples.features);
        let together = if self.spaic_compat { steps.len() } else { samples.features };
        for (group, steps) in steps.chunks_exact(together).enumerate() {
            let [first, last] = extremes(steps).map(f64::from);
            let end = first + self.cut * (last - first);
            let end = match self.spaic_compat {
                true => end.trunc(),
                false if last > first => whole(end, 0.0).floor(),
                // where all fire at once nothing is cut
                false => f64::INFINITY,
            };
            for (i, &step) in steps.iter().enumerate().filter(|(_, step)| f64::from(**step) < end) {
                spikes.fire(step as usize, group * together + i);
            }
        }
        Ok(spikes.activations(&samples.device))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};

    #[test]
    fn samples_are_cut_each_for_itself() {
        // e is 1, 0.5 and 0 in the first sample, 0.05 and 0 in the second
        let e = |e: f32| -e.ln();
        let values = [[e(1.0), e(0.5), e(1e-9)], [e(0.05), e(0.05), e(1e-9)]];
        let samples = Tensor::<2>::from_floats(values, &Device::default());
        let encode = |spaic_compat| {
            let encoder = RelativeLatency { spaic_compat, ..RelativeLatency::default() };
            let signal = encoder.encode(samples.clone().into(), TimeGrid { steps: 101, dt: 1.0 }, 0).unwrap();
            signal.values.sum_dim(0).into_data().try_into_vec::<f32>().unwrap()
        };
        assert_eq!(encode(false), [0.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
        assert_eq!(encode(true), [0.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    }
}
