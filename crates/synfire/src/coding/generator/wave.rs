//! What sine and cosine share.

use super::{Course, Values, settings};
use crate::Error;
use crate::coding::{Signal, Span, Window};
use crate::registry::BadSetting;
use burn::tensor::Device;
use core::f64::consts::TAU;
use serde::{Deserialize, Serialize};

/// How large and how fast a wave is. Time is counted from the beginning of the sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Largest current, in the unit of the neurons' current.
    pub amplitude: Values,
    /// Period in ms, above 0.
    pub period: Values,
    /// When it is on.
    #[serde(flatten)]
    pub span: Span,
}

impl Default for Wave {
    fn default() -> Self {
        Wave { amplitude: Values::One(1.0), period: Values::One(10.0), span: Span::default() }
    }
}

impl Wave {
    pub(super) fn check(&self) -> Result<(), BadSetting> {
        self.amplitude.check("amplitude", "finite numbers", |_| true)?;
        self.period.check("period", "times in ms above 0", |period| period > 0.0)?;
        self.span.check()
    }

    /// Of the shape that `of` an angle gives it.
    pub(super) fn signal(
        &self,
        generator: &'static str,
        of: fn(f64) -> f64,
        window: Window,
        [batch, neurons]: [usize; 2],
        device: &Device,
    ) -> Result<Signal, Error> {
        settings(generator, self.check())?;
        let course = Course::new(generator, window, self.span, batch, neurons)?;
        let samples = course.samples(&[("amplitude", &self.amplitude), ("period", &self.period)])?;
        Ok(course.signal(samples, device, |ms, sample, n| {
            self.amplitude.get(sample, n) * of(TAU * ms / self.period.get(sample, n))
        }))
    }
}
