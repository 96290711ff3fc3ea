//! Poisson coding: random spikes at a rate.

use super::{Activations, Encode, HostSamples, Source, TimeGrid, settings};
use crate::Error;
use crate::coding::ActiveInterval;
use crate::coding::random::{UniformSource, spike_bits, threshold};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use synfire_dynamics::Spikes;

/// Random spikes at a rate in proportion to the value (Poisson coding).
///
/// ```text
/// p = unit_conversion * x * dt    x in [0, 1]; above 1 it always fires
/// s = [u < p]                     u uniform in [0, 1)
/// ```
///
/// Outside its interval it is silent. SPAIC takes `u <= p`, any `x` of 0 or more, and of an interval the steps that
/// end in it, its end included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Poisson {
    /// Firing rate of an input of value 1, in spikes per ms, above 0.
    pub unit_conversion: f64,
    /// The interval in which it may fire.
    #[serde(flatten)]
    pub active: ActiveInterval,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for Poisson {
    fn default() -> Self {
        Poisson { unit_conversion: 1.0, active: ActiveInterval::default(), spaic_compat: false }
    }
}

impl Named for Poisson {
    const NAME: &'static str = "poisson";
    const ABOUT: &'static str = "random spikes, at a rate in proportion to the value";
}

impl Encode for Poisson {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = self.unit_conversion > 0.0 && self.unit_conversion.is_finite();
        BadSetting::unless(fits, "unit_conversion", self.unit_conversion, "a rate in spikes per ms above 0")?;
        self.active.check()
    }

    fn encode(&self, source: Source, grid: TimeGrid, seed: u64) -> Result<Activations, Error> {
        let samples = self.samples(source, grid)?;
        Ok(self.draw(&samples, &UniformSource::of(&samples, seed), grid))
    }

    fn encode_bits(&self, source: &Source, grid: TimeGrid, seed: u64) -> Result<Option<Spikes>, Error> {
        let samples = self.samples(source.clone(), grid)?;
        Ok(spike_bits(&samples, seed, &self.thresholds(&samples, grid), grid.steps, self.on(grid)))
    }
}

impl Poisson {
    /// Spikes `[T, B, F]` of samples `[B, F]`, by recorded uniform draws `[T, B, F]`.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] for samples that it cannot encode, and for draws of another shape.
    pub fn spikes(&self, samples: Tensor<2>, draws: Tensor<3>, grid: TimeGrid) -> Result<Tensor<3>, Error> {
        let samples = self.samples(samples.into(), grid)?;
        let uniform = UniformSource::recorded(draws, [grid.steps, samples.batch, samples.features]);
        let uniform = uniform.map_err(|problem| Error::Source { encoder: Self::NAME, problem })?;
        Ok(self.draw(&samples, &uniform, grid).values)
    }

    fn samples(&self, source: Source, grid: TimeGrid) -> Result<HostSamples, Error> {
        settings(Self::NAME, self.check())?;
        let most = if self.spaic_compat { f32::MAX } else { 1.0 };
        source.on_host(Self::NAME, [0.0, most], grid)
    }

    fn draw(&self, samples: &HostSamples, uniform: &UniformSource, grid: TimeGrid) -> Activations {
        let (thresholds, dims) = (self.thresholds(samples, grid), [grid.steps, samples.batch, samples.features]);
        Activations::new(uniform.spikes(thresholds, dims, self.on(grid), &samples.device), grid.dt)
    }

    fn thresholds(&self, samples: &HostSamples, grid: TimeGrid) -> Vec<f32> {
        let per_unit = (self.unit_conversion * grid.dt_written()) as f32;
        samples.values.iter().map(|x| threshold(f64::from(x * per_unit), self.spaic_compat)).collect()
    }

    /// Whether it may fire in a step.
    fn on(&self, grid: TimeGrid) -> impl Fn(usize) -> bool + Sync + use<> {
        let (active, compat, dt) = (self.active, self.spaic_compat, grid.dt_written());
        let steps = active.steps(grid);
        move |step| match compat {
            true => {
                let end = (step + 1) as f64;
                end >= active.start_time / dt && active.end_time.is_none_or(|last| end <= last / dt)
            }
            false => steps.contains(&step),
        }
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
        let grid = TimeGrid { steps: 50, dt: 1.0 };
        let encode = |seed| encoder.encode(pixels.clone().into(), grid, seed).unwrap().values;
        let rates: Vec<f32> = encode(1).mean_dim(0).mean_dim(1).into_data().try_into_vec().unwrap();
        for (rate, expected) in rates.iter().zip([0.0, 0.15, 0.5]) {
            // 20 000 draws: five standard deviations
            assert!((rate - expected).abs() < 0.018, "{rate} instead of {expected}");
        }
        assert_eq!(encode(1).into_data(), encode(1).into_data());
        assert_ne!(encode(1).into_data(), encode(2).into_data());
    }

    #[test]
    fn it_is_silent_outside_its_interval() {
        let encoder = Poisson { active: ActiveInterval { start_time: 1.0, end_time: Some(2.0) }, ..Poisson::default() };
        let ones = Tensor::<2>::ones([1, 1], &Device::default());
        let grid = TimeGrid { steps: 6, dt: 0.5 };
        let sure = Poisson { unit_conversion: 2.0, ..encoder };
        let spikes: Vec<f32> = sure.encode(ones.into(), grid, 0).unwrap().values.into_data().try_into_vec().unwrap();
        assert_eq!(spikes, [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    }
}
