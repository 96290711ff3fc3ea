//! Random spikes at a rate, with a time inside their step.

use super::{Generate, NeuronValues, PoissonGenerator};
use crate::Error;
use crate::coding::{Activations, ActiveInterval, TimeGrid};
use crate::registry::{BadSetting, Named};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use synfire_dynamics::CounterRng;

/// Random spikes with a time inside their step, for neurons that take one: each is at the end of its step.
///
/// ```text
/// s[t] = [u < rate * dt]    u uniform in [0, 1)
/// ```
///
/// SPAIC takes `u <= rate dt`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimedPoissonGenerator {
    /// Firing rate in spikes per ms, 0 or more.
    pub rate: NeuronValues,
    /// The interval in which it may fire.
    #[serde(flatten)]
    pub active: ActiveInterval,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for TimedPoissonGenerator {
    fn default() -> Self {
        TimedPoissonGenerator { rate: NeuronValues::One(0.1), active: ActiveInterval::default(), spaic_compat: false }
    }
}

impl Named for TimedPoissonGenerator {
    const NAME: &'static str = "timed_poisson_generator";
    const ABOUT: &'static str = "random spikes at a rate, with a time inside their step";
    const ALIASES: &'static [&'static str] = &["timed_poisson", "poisson_generator2"];
}

impl Generate for TimedPoissonGenerator {
    fn check(&self) -> Result<(), BadSetting> {
        self.spikes_of(1.0).check()
    }

    fn generate(
        &self,
        grid: TimeGrid,
        batch: usize,
        neurons: usize,
        rng: &CounterRng,
        device: &Device,
    ) -> Result<Activations, Error> {
        Ok(at_the_end(self.untimed(grid).generate(grid, batch, neurons, rng, device)?))
    }
}

impl TimedPoissonGenerator {
    /// Spikes `[T, B, N]` by recorded uniform draws of that shape.
    ///
    /// # Errors
    ///
    /// As [`generate`](Generate::generate), and for draws of another number of steps.
    pub fn spikes(&self, draws: Tensor<3>, grid: TimeGrid) -> Result<Activations, Error> {
        Ok(at_the_end(Activations::new(self.untimed(grid).spikes(draws, grid)?, grid.dt)))
    }

    /// The generator of spikes without times. SPAIC's leaves the length of a step out.
    fn untimed(&self, grid: TimeGrid) -> PoissonGenerator {
        self.spikes_of(if self.spaic_compat { grid.dt_written() } else { 1.0 })
    }

    fn spikes_of(&self, unit_conversion: f64) -> PoissonGenerator {
        let TimedPoissonGenerator { rate, active, spaic_compat } = self.clone();
        PoissonGenerator { rate, unit_conversion, weight: 1.0, active, spaic_compat }
    }
}

/// Spikes at the end of their steps.
fn at_the_end(spikes: Activations) -> Activations {
    Activations { spike_times: Some(spikes.values.zeros_like()), ..spikes }
}
