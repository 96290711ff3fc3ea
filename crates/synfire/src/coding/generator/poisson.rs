//! Random spikes at a rate.

use super::{Generate, NeuronValues, TimeCourse, settings};
use crate::Error;
use crate::coding::random::{UniformSource, threshold};
use crate::coding::{Activations, ActiveInterval, TimeGrid};
use crate::registry::{BadSetting, Named};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use synfire_dynamics::CounterRng;

/// Random spikes at a rate.
///
/// ```text
/// p    = rate * unit_conversion * dt    above 1 it always fires
/// I[t] = weight * [u < p]               u uniform in [0, 1)
/// ```
///
/// SPAIC leaves `dt` out, its `unit_conversion` being 0.1 unless given, and takes `u <= p`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoissonGenerator {
    /// Firing rate, 0 or more; in spikes per ms for a `unit_conversion` of 1, in Hz for one of 0.001.
    pub rate: NeuronValues,
    /// Spikes per ms at a rate of 1, above 0.
    pub unit_conversion: f64,
    /// Current of a spike.
    pub weight: f64,
    /// The interval in which it may fire.
    #[serde(flatten)]
    pub active: ActiveInterval,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for PoissonGenerator {
    fn default() -> Self {
        let (rate, active) = (NeuronValues::One(0.1), ActiveInterval::default());
        PoissonGenerator { rate, unit_conversion: 1.0, weight: 1.0, active, spaic_compat: false }
    }
}

impl Named for PoissonGenerator {
    const NAME: &'static str = "poisson_generator";
    const ABOUT: &'static str = "random spikes at a rate";
    const ALIASES: &'static [&'static str] = &["poisson"];
}

impl Generate for PoissonGenerator {
    fn check(&self) -> Result<(), BadSetting> {
        self.rate.check("rate", "rates of 0 or more", |rate| rate >= 0.0)?;
        let fits = self.unit_conversion > 0.0 && self.unit_conversion.is_finite();
        BadSetting::unless(fits, "unit_conversion", self.unit_conversion, "a number above 0")?;
        BadSetting::unless(self.weight.is_finite(), "weight", self.weight, "a finite number")?;
        self.active.check()
    }

    fn generate(
        &self,
        grid: TimeGrid,
        batch: usize,
        neurons: usize,
        rng: &CounterRng,
        device: &Device,
    ) -> Result<Activations, Error> {
        self.draw(grid, [batch, neurons], &UniformSource::Generated(rng.clone()), device)
    }
}

impl PoissonGenerator {
    /// Spikes `[T, B, N]` by recorded uniform draws of that shape.
    ///
    /// # Errors
    ///
    /// As [`generate`](Generate::generate), and for draws of another number of steps.
    pub fn spikes(&self, draws: Tensor<3>, grid: TimeGrid) -> Result<Tensor<3>, Error> {
        let ([_, batch, neurons], device) = (draws.dims(), draws.device());
        let uniform = UniformSource::recorded(draws, [grid.steps, batch, neurons]);
        let uniform = uniform.map_err(|problem| Error::config(format!("generator `{}`", Self::NAME), problem))?;
        Ok(self.draw(grid, [batch, neurons], &uniform, &device)?.values)
    }

    fn draw(
        &self,
        grid: TimeGrid,
        [batch, neurons]: [usize; 2],
        uniform: &UniformSource,
        device: &Device,
    ) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let course = TimeCourse::new(Self::NAME, grid, self.active, batch, neurons)?;
        course.samples(&[("rate", &self.rate)])?;
        let per_step = if self.spaic_compat { 1.0 } else { grid.dt_written() };
        let probability = |i: usize| self.rate.get(i / neurons, i % neurons) * self.unit_conversion * per_step;
        let thresholds = (0..batch * neurons).map(|i| threshold(probability(i), self.spaic_compat)).collect();
        let dims = [grid.steps, batch, neurons];
        let spikes = uniform.spikes(thresholds, dims, |step| course.on.contains(&step), device);
        Ok(Activations::new(if self.weight == 1.0 { spikes } else { spikes * self.weight }, grid.dt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draws_and_the_interval_decide() {
        let draws = Tensor::<3>::from_floats([[[0.1, 0.1]], [[0.1, 0.4]], [[0.3, 0.1]]], &Device::default());
        let rate = NeuronValues::PerNeuron(vec![0.5, 1.0]);
        let active = ActiveInterval { start_time: 0.5, end_time: None };
        let generator = PoissonGenerator { rate, weight: 2.0, active, ..PoissonGenerator::default() };
        // probabilities 0.25 and 0.5
        let grid = TimeGrid { steps: 3, dt: 0.5 };
        let spikes: Vec<f32> = generator.spikes(draws, grid).unwrap().into_data().try_into_vec().unwrap();
        assert_eq!(spikes, [0.0, 0.0, 2.0, 2.0, 0.0, 2.0]);
        let error = generator.generate(grid, 1, 3, &CounterRng::new(0), &Device::default()).unwrap_err().to_string();
        assert!(error.contains("`rate` has 2 values; expected one value, or one for each of 3 neurons"), "{error}");
    }
}
