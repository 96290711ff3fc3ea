//! A cosine.

use super::{Course, Generate, Values, settings};
use crate::Error;
use crate::coding::{Signal, Span, Window};
use crate::registry::{BadSetting, Named};
use burn::tensor::Device;
use core::f64::consts::TAU;
use serde::{Deserialize, Serialize};

/// A cosine over time, time being counted from the beginning of the sample.
///
/// ```text
/// I[t] = amplitude cos(2 pi t dt / period)
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CosineGenerator {
    /// Largest current, in the unit of the neurons' current.
    pub amplitude: Values,
    /// Period in ms, above 0.
    pub period: Values,
    /// When it is on.
    #[serde(flatten)]
    pub span: Span,
}

impl Default for CosineGenerator {
    fn default() -> Self {
        CosineGenerator { amplitude: Values::One(1.0), period: Values::One(10.0), span: Span::default() }
    }
}

impl Named for CosineGenerator {
    const NAME: &'static str = "cosine_generator";
    const ABOUT: &'static str = "a cosine over time";
    const ALIASES: &'static [&'static str] = &["cosine"];
}

impl Generate for CosineGenerator {
    fn check(&self) -> Result<(), BadSetting> {
        self.amplitude.check("amplitude", "finite numbers", |_| true)?;
        self.period.check("period", "times in ms above 0", |period| period > 0.0)?;
        self.span.check()
    }

    fn generate(&self, window: Window, batch: usize, neurons: usize, _: u64, device: &Device) -> Result<Signal, Error> {
        settings(Self::NAME, self.check())?;
        let course = Course::new(Self::NAME, window, self.span, batch, neurons)?;
        let samples = course.samples(&[("amplitude", &self.amplitude), ("period", &self.period)])?;
        Ok(course.signal(samples, device, |ms, sample, n| {
            self.amplitude.get(sample, n) * (TAU * ms / self.period.get(sample, n)).cos()
        }))
    }
}
