//! A current that stays the same.

use super::{Course, Generate, Values};
use crate::Error;
use crate::coding::{Signal, Span, Window};
use crate::registry::{BadSetting, Named};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

/// A constant current.
///
/// ```text
/// I[t] = amplitude while it is on, 0 else
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConstantCurrentGenerator {
    /// Current, in the unit of the neurons' current.
    pub amplitude: Values,
    /// When it is on.
    #[serde(flatten)]
    pub span: Span,
}

impl Default for ConstantCurrentGenerator {
    fn default() -> Self {
        ConstantCurrentGenerator { amplitude: Values::One(1.0), span: Span::default() }
    }
}

impl Named for ConstantCurrentGenerator {
    const NAME: &'static str = "cc_generator";
    const ABOUT: &'static str = "a constant current";
    const ALIASES: &'static [&'static str] = &["constant_current"];
}

impl Generate for ConstantCurrentGenerator {
    fn check(&self) -> Result<(), BadSetting> {
        self.amplitude.check("amplitude", "finite numbers", |_| true)?;
        self.span.check()
    }

    fn generate(&self, window: Window, batch: usize, neurons: usize, _: u64, device: &Device) -> Result<Signal, Error> {
        let course = Course { generator: Self::NAME, window, on: self.span.steps(window), batch, neurons };
        let samples = course.samples(&[("amplitude", &self.amplitude)])?;
        // always on: one step tells all
        let steps = if course.on == (0..window.steps) { 1 } else { window.steps };
        Ok(course.signal(steps, samples, device, |_, sample, n| self.amplitude.get(sample, n)))
    }
}
