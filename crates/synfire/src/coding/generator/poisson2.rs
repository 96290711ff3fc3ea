//! Spikes at random, for neurons that take the time of a spike.

use super::{Generate, PoissonGenerator, Values};
use crate::Error;
use crate::coding::{Signal, Span, Window};
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
pub struct PoissonGenerator2 {
    /// Firing rate in spikes per ms, 0 or more.
    pub rate: Values,
    /// When it may fire.
    #[serde(flatten)]
    pub span: Span,
    /// Do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for PoissonGenerator2 {
    fn default() -> Self {
        PoissonGenerator2 { rate: Values::One(0.1), span: Span::default(), spaic_compat: false }
    }
}

impl Named for PoissonGenerator2 {
    const NAME: &'static str = "poisson_generator2";
    const ABOUT: &'static str = "spikes at random, with a time inside their step";
}

impl Generate for PoissonGenerator2 {
    fn check(&self) -> Result<(), BadSetting> {
        self.spikes_of(1.0).check()
    }

    fn generate(
        &self,
        window: Window,
        batch: usize,
        neurons: usize,
        seed: u64,
        device: &Device,
    ) -> Result<Signal, Error> {
        let signal = self.one(window).generate(window, batch, neurons, seed, device)?;
        Ok(at_the_end(signal.values))
    }
}

impl PoissonGenerator2 {
    /// Spikes by recorded draws: `[T, B, N]` for both.
    ///
    /// # Errors
    ///
    /// As [`generate`](Generate::generate), and for draws of another number of steps.
    pub fn spikes(&self, draws: Tensor<3>, window: Window) -> Result<Signal, Error> {
        Ok(at_the_end(self.one(window).spikes(draws, window)?))
    }

    /// The generator without times. SPAIC's leaves the length of a step out.
    fn one(&self, window: Window) -> PoissonGenerator {
        self.spikes_of(if self.spaic_compat { window.dt_written() } else { 1.0 })
    }

    fn spikes_of(&self, unit_conversion: f64) -> PoissonGenerator {
        let PoissonGenerator2 { rate, span, spaic_compat } = self.clone();
        PoissonGenerator { rate, unit_conversion, weight: 1.0, span, spaic_compat }
    }
}

fn at_the_end(spikes: Tensor<3>) -> Signal {
    let [_, batch, neurons] = spikes.dims();
    let spike_times = Some(Tensor::zeros([1, batch, neurons], &spikes.device()));
    Signal { values: spikes, spike_times }
}
