//! A sine.

use super::{Course, Generate, Values, settings};
use crate::Error;
use crate::coding::{Signal, Span, Window};
use crate::registry::{BadSetting, Named};
use burn::tensor::Device;
use core::f64::consts::TAU;
use serde::{Deserialize, Serialize};

/// A sine over time, time being counted from the beginning of the sample.
///
/// ```text
/// I[t] = amplitude sin(2 pi t dt / period)
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SinGenerator {
    /// Largest current, in the unit of the neurons' current.
    pub amplitude: Values,
    /// Period in ms, above 0.
    pub period: Values,
    /// When it is on.
    #[serde(flatten)]
    pub span: Span,
}

impl Default for SinGenerator {
    fn default() -> Self {
        SinGenerator { amplitude: Values::One(1.0), period: Values::One(10.0), span: Span::default() }
    }
}

impl Named for SinGenerator {
    const NAME: &'static str = "sin_generator";
    const ABOUT: &'static str = "a sine over time";
    const ALIASES: &'static [&'static str] = &["sin"];
}

impl Generate for SinGenerator {
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
            self.amplitude.get(sample, n) * (TAU * ms / self.period.get(sample, n)).sin()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::CosineGenerator;
    use super::*;

    #[test]
    fn a_quarter_of_the_period_lies_between_cosine_and_sine() {
        let period = Values::PerSample(vec![vec![2.0], vec![4.0]]);
        let (amplitude, span) = (Values::One(3.0), Span::default());
        let sine = SinGenerator { amplitude: amplitude.clone(), period: period.clone(), span };
        let cosine = CosineGenerator { amplitude, period, span };
        let window = Window { steps: 4, dt: 0.5 };
        let numbers = |signal: Signal| signal.values.into_data().try_into_vec::<f32>().unwrap();
        let device = Device::default();
        let sine = numbers(sine.generate(window, 2, 1, 0, &device).unwrap());
        let cosine = numbers(cosine.generate(window, 2, 1, 0, &device).unwrap());
        let slow = 3.0 * 0.5f32.sqrt();
        let near = |actual: &[f32], expected: [f32; 8]| actual.iter().zip(expected).all(|(a, e)| (a - e).abs() < 1e-6);
        assert!(near(&sine, [0.0, 0.0, 3.0, slow, 0.0, 3.0, -3.0, slow]), "{sine:?}");
        assert!(near(&cosine, [3.0, 3.0, 0.0, slow, -3.0, 0.0, 0.0, -slow]), "{cosine:?}");
    }
}
