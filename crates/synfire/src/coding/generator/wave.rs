//! Waves: the settings and the current that sine and cosine share.

use super::{NeuronValues, TimeCourse, settings};
use crate::Error;
use crate::coding::{Activations, ActiveInterval, TimeGrid};
use crate::registry::BadSetting;
use burn::tensor::Device;
use core::f64::consts::TAU;
use serde::{Deserialize, Serialize};

/// Amplitude, period and interval of a wave. Time is counted from the beginning of the sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Largest current, in the unit of the neurons' current.
    pub amplitude: NeuronValues,
    /// Period in ms, above 0.
    pub period: NeuronValues,
    /// The interval in which it is on.
    #[serde(flatten)]
    pub active: ActiveInterval,
}

impl Default for Wave {
    fn default() -> Self {
        Wave { amplitude: NeuronValues::One(1.0), period: NeuronValues::One(10.0), active: ActiveInterval::default() }
    }
}

impl Wave {
    pub(super) fn check(&self) -> Result<(), BadSetting> {
        self.amplitude.check("amplitude", "finite numbers", |_| true)?;
        self.period.check("period", "times in ms above 0", |period| period > 0.0)?;
        self.active.check()
    }

    /// The wave whose shape is the function `of` an angle.
    pub(super) fn current(
        &self,
        generator: &'static str,
        of: fn(f64) -> f64,
        grid: TimeGrid,
        [batch, neurons]: [usize; 2],
        device: &Device,
    ) -> Result<Activations, Error> {
        settings(generator, self.check())?;
        let course = TimeCourse::new(generator, grid, self.active, batch, neurons)?;
        let samples = course.samples(&[("amplitude", &self.amplitude), ("period", &self.period)])?;
        Ok(course.current(samples, device, |ms, sample, n| {
            self.amplitude.get(sample, n) * of(TAU * ms / self.period.get(sample, n))
        }))
    }
}
