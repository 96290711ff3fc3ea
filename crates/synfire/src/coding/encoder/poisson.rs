//! Spikes at random.

use super::source::Numbers;
use super::{Encode, Signal, Source, Window, settings};
use crate::Error;
use crate::coding::Span;
use crate::coding::random::{Chance, threshold};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// At each step a spike with a probability, drawn anew.
///
/// ```text
/// p = unit_conversion * x * dt    x in [0, 1]; above 1 it always fires
/// s = [u < p]                     u uniform in [0, 1)
/// ```
///
/// Of a time span it is silent outside. SPAIC takes `u <= p`, any `x` of 0 or more, and of a span the steps
/// that end in it, its end included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Poisson {
    /// Firing rate of an input of 1, in spikes per ms, above 0.
    pub unit_conversion: f64,
    /// When it may fire.
    #[serde(flatten)]
    pub span: Span,
    /// Do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for Poisson {
    fn default() -> Self {
        Poisson { unit_conversion: 1.0, span: Span::default(), spaic_compat: false }
    }
}

impl Named for Poisson {
    const NAME: &'static str = "poisson";
    const ABOUT: &'static str = "spikes at random, the more the brighter";
}

impl Encode for Poisson {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = self.unit_conversion > 0.0 && self.unit_conversion.is_finite();
        BadSetting::unless(fits, "unit_conversion", self.unit_conversion, "a rate in spikes per ms above 0")?;
        self.span.check()
    }

    fn encode(&self, source: Source, window: Window, seed: u64) -> Result<Signal, Error> {
        let samples = self.numbers(source, window)?;
        Ok(self.draw(&samples, &Chance::seeded(seed), window))
    }
}

impl Poisson {
    /// Spikes by recorded draws: `[B, F]` and `[T, B, F]` give `[T, B, F]`.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] for samples that it cannot encode, and for draws of another shape.
    pub fn spikes(&self, samples: Tensor<2>, draws: Tensor<3>, window: Window) -> Result<Tensor<3>, Error> {
        let samples = self.numbers(samples.into(), window)?;
        let chance = Chance::recorded(draws, [window.steps, samples.batch, samples.features]);
        let chance = chance.map_err(|problem| Error::Source { encoder: Self::NAME, problem })?;
        Ok(self.draw(&samples, &chance, window).values)
    }

    fn numbers(&self, source: Source, window: Window) -> Result<Numbers, Error> {
        settings(Self::NAME, self.check())?;
        let most = if self.spaic_compat { f32::MAX } else { 1.0 };
        source.numbers(Self::NAME, [0.0, most], window)
    }

    fn draw(&self, samples: &Numbers, chance: &Chance, window: Window) -> Signal {
        let per_unit = (self.unit_conversion * window.dt_written()) as f32;
        let thresholds = samples.values.iter().map(|x| threshold(f64::from(x * per_unit), self.spaic_compat)).collect();
        let dims = [window.steps, samples.batch, samples.features];
        chance.spikes(thresholds, dims, self.on(window), &samples.device).into()
    }

    /// Whether it may fire in a step.
    fn on(&self, window: Window) -> impl Fn(usize) -> bool + Sync + use<> {
        let (span, compat, dt) = (self.span, self.spaic_compat, window.dt_written());
        let steps = span.steps(window);
        move |step| match compat {
            true => {
                let end = (step + 1) as f64;
                end >= span.start_time / dt && span.end_time.is_none_or(|last| end <= last / dt)
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
        let window = Window { steps: 50, dt: 1.0 };
        let encode = |seed| encoder.encode(pixels.clone().into(), window, seed).unwrap().values;
        let rates: Vec<f32> = encode(1).mean_dim(0).mean_dim(1).into_data().try_into_vec().unwrap();
        for (rate, expected) in rates.iter().zip([0.0, 0.15, 0.5]) {
            // 20 000 draws: five standard deviations
            assert!((rate - expected).abs() < 0.018, "{rate} instead of {expected}");
        }
        assert_eq!(encode(1).into_data(), encode(1).into_data());
        assert_ne!(encode(1).into_data(), encode(2).into_data());
    }

    #[test]
    fn it_is_silent_outside_its_span() {
        let encoder = Poisson { span: Span { start_time: 1.0, end_time: Some(2.0) }, ..Poisson::default() };
        let ones = Tensor::<2>::ones([1, 1], &Device::default());
        let window = Window { steps: 6, dt: 0.5 };
        let sure = Poisson { unit_conversion: 2.0, ..encoder };
        let spikes: Vec<f32> = sure.encode(ones.into(), window, 0).unwrap().values.into_data().try_into_vec().unwrap();
        assert_eq!(spikes, [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    }
}
