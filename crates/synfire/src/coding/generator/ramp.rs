//! A current that rises.

use super::{Generate, TimeCourse, Values, settings};
use crate::Error;
use crate::coding::{ActiveInterval, Signal, TimeGrid};
use crate::registry::{BadSetting, Named};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

/// A current that rises, or falls, with time counted from the beginning of the sample.
///
/// ```text
/// I[t] = amp (slope t dt + base) while it is on, 0 else
/// ```
///
/// SPAIC rounds the end down to a step in double precision; its `amp` is 0.001 unless given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RampGenerator {
    /// Rise per ms.
    pub slope: Values,
    /// Value at the beginning.
    pub base: Values,
    /// Factor of all.
    pub amp: f64,
    /// When it is on.
    #[serde(flatten)]
    pub active: ActiveInterval,
    /// Do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for RampGenerator {
    fn default() -> Self {
        let [slope, base] = [1.0, 0.0].map(Values::One);
        RampGenerator { slope, base, amp: 1.0, active: ActiveInterval::default(), spaic_compat: false }
    }
}

impl Named for RampGenerator {
    const NAME: &'static str = "ramp_generator";
    const ABOUT: &'static str = "a current that rises with time";
    const ALIASES: &'static [&'static str] = &["ramp"];
}

impl Generate for RampGenerator {
    fn check(&self) -> Result<(), BadSetting> {
        self.slope.check("slope", "finite numbers", |_| true)?;
        self.base.check("base", "finite numbers", |_| true)?;
        BadSetting::unless(self.amp.is_finite(), "amp", self.amp, "a finite number")?;
        self.active.check()
    }

    fn generate(&self, grid: TimeGrid, batch: usize, neurons: usize, _: u64, device: &Device) -> Result<Signal, Error> {
        settings(Self::NAME, self.check())?;
        let mut course = TimeCourse::new(Self::NAME, grid, self.active, batch, neurons)?;
        if let (true, Some(end)) = (self.spaic_compat, self.active.end_time) {
            course.on.end = course.on.end.min((end / grid.dt_written()) as usize);
        }
        let samples = course.samples(&[("slope", &self.slope), ("base", &self.base)])?;
        Ok(course.signal(samples, device, |ms, sample, n| {
            self.amp * (self.slope.get(sample, n) * ms + self.base.get(sample, n))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rises_while_it_is_on() {
        let active = ActiveInterval { start_time: 0.1, end_time: Some(0.4) };
        let ramp = RampGenerator { slope: 10.0.into(), base: 1.0.into(), amp: 2.0, active, spaic_compat: false };
        let signal = ramp.generate(TimeGrid { steps: 5, dt: 0.1 }, 3, 1, 0, &Device::default()).unwrap();
        let numbers: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
        assert_eq!(numbers, [0.0, 4.0, 6.0, 8.0, 0.0]);
    }
}
