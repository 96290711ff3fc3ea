//! Spikes at random, for neurons that take the time of a spike.

use super::{Generate, PoissonGenerator, Values};
use crate::Error;
use crate::coding::{ActiveInterval, Signal, TimeGrid};
use crate::registry::{BadSetting, Named};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

/// Spikes at random with a time, for neurons that take one: each is at the end of its step.
///
/// ```text
/// s[t] = [u < rate * dt]    u uniform in [0, 1)
/// ```
///
/// SPAIC takes `u <= rate dt`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimedPoissonGenerator {
    /// Firing rate in spikes per ms, 0 or more.
    pub rate: Values,
    /// When it may fire.
    #[serde(flatten)]
    pub active: ActiveInterval,
    /// Do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for TimedPoissonGenerator {
    fn default() -> Self {
        TimedPoissonGenerator { rate: Values::One(0.1), active: ActiveInterval::default(), spaic_compat: false }
    }
}

impl Named for TimedPoissonGenerator {
    const NAME: &'static str = "timed_poisson_generator";
    const ABOUT: &'static str = "spikes at random, with a time inside their step";
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
        seed: u64,
        device: &Device,
    ) -> Result<Signal, Error> {
        let signal = self.one(grid).generate(grid, batch, neurons, seed, device)?;
        Ok(at_the_end(signal.values))
    }
}

impl TimedPoissonGenerator {
    /// Spikes by recorded draws: `[T, B, N]` for both.
    ///
    /// # Errors
    ///
    /// As [`generate`](Generate::generate), and for draws of another number of steps.
    pub fn spikes(&self, draws: Tensor<3>, grid: TimeGrid) -> Result<Signal, Error> {
        Ok(at_the_end(self.one(grid).spikes(draws, grid)?))
    }

    /// The generator without times. SPAIC's leaves the length of a step out.
    fn one(&self, grid: TimeGrid) -> PoissonGenerator {
        self.spikes_of(if self.spaic_compat { grid.dt_written() } else { 1.0 })
    }

    fn spikes_of(&self, unit_conversion: f64) -> PoissonGenerator {
        let TimedPoissonGenerator { rate, active, spaic_compat } = self.clone();
        PoissonGenerator { rate, unit_conversion, weight: 1.0, active, spaic_compat }
    }
}

fn at_the_end(spikes: Tensor<3>) -> Signal {
    let [_, batch, neurons] = spikes.dims();
    let spike_times = Some(Tensor::zeros([1, batch, neurons], &spikes.device()));
    Signal { values: spikes, spike_times }
}
