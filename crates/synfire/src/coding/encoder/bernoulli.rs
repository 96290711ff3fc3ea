//! Random spikes with a probability per step.

use super::host_samples::extremes;
use super::{Activations, Encode, HostSamples, Source, TimeGrid, settings};
use crate::Error;
use crate::coding::random::{UniformSource, spike_bits, threshold};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use synfire_dynamics::Spikes;

/// Random spikes: at each step with a probability that does not depend on the step's length.
///
/// ```text
/// p = max_prob * x    x in [0, 1]
/// s = [u < p]         u uniform in [0, 1)
/// ```
///
/// SPAIC takes any `x` of 0 or more, and divides all of them by the largest of the batch if that is above 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bernoulli {
    /// Probability of a spike for an input of 1, in (0, 1].
    pub max_prob: f64,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for Bernoulli {
    fn default() -> Self {
        Bernoulli { max_prob: 1.0, spaic_compat: false }
    }
}

impl Named for Bernoulli {
    const NAME: &'static str = "bernoulli";
    const ABOUT: &'static str = "random spikes, with a probability per step";
}

impl Encode for Bernoulli {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = self.max_prob > 0.0 && self.max_prob <= 1.0;
        BadSetting::unless(fits, "max_prob", self.max_prob, "a probability in (0, 1]")
    }

    fn encode(&self, source: Source, grid: TimeGrid, seed: u64) -> Result<Activations, Error> {
        let samples = self.samples(source, grid)?;
        Ok(self.draw(&samples, &UniformSource::of(&samples, seed), grid))
    }

    fn encode_bits(&self, source: &Source, grid: TimeGrid, seed: u64) -> Result<Option<Spikes>, Error> {
        let samples = self.samples(source.clone(), grid)?;
        Ok(spike_bits(&samples, seed, &self.thresholds(&samples), grid.steps, |_| true))
    }
}

impl Bernoulli {
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
        let (thresholds, dims) = (self.thresholds(samples), [grid.steps, samples.batch, samples.features]);
        Activations::new(uniform.spikes(thresholds, dims, |_| true, &samples.device), grid.dt)
    }

    fn thresholds(&self, samples: &HostSamples) -> Vec<f32> {
        // above 1 only with `spaic_compat`
        let per_unit = self.max_prob as f32 / extremes(&samples.values)[1].max(1.0);
        samples.values.iter().map(|x| threshold(f64::from(x * per_unit), false)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn the_draws_decide() {
        let device = Device::default();
        let samples = Tensor::<2>::from_floats([[0.0, 0.5, 1.0]], &device);
        let draws = Tensor::<3>::from_floats([[[0.0, 0.2, 0.39]], [[0.0, 0.25, 0.41]]], &device);
        let encoder = Bernoulli { max_prob: 0.4, spaic_compat: false };
        let spikes = |samples| encoder.spikes(samples, draws.clone(), TimeGrid { steps: 2, dt: 0.1 });
        let values: Vec<f32> = spikes(samples.clone()).unwrap().into_data().try_into_vec().unwrap();
        assert_eq!(values, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
        assert!(spikes(samples.repeat_dim(0, 2)).unwrap_err().to_string().contains("[2, 2, 3]"));
    }
}
