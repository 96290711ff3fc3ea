//! Ramps: currents that rise with time.

use super::{Generate, NeuronValues, TimeCourse, settings};
use crate::Error;
use crate::coding::{Activations, ActiveInterval, TimeGrid};
use crate::registry::{BadSetting, Named};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use synfire_dynamics::CounterRng;

/// A current that rises, or falls, with time counted from the beginning of the sample.
///
/// ```text
/// I[t] = amp (slope t dt + base) while it is on, 0 else
/// ```
///
/// SPAIC rounds the end down to a step in double precision; its `amp` is 0.001 unless given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RampGenerator {
    /// Slope, per ms.
    pub slope: NeuronValues,
    /// Value at the beginning of the sample.
    pub base: NeuronValues,
    /// Factor of both.
    pub amp: f64,
    /// The interval in which it is on.
    #[serde(flatten)]
    pub active: ActiveInterval,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for RampGenerator {
    fn default() -> Self {
        let [slope, base] = [1.0, 0.0].map(NeuronValues::One);
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

    fn generate(
        &self,
        grid: TimeGrid,
        batch: usize,
        neurons: usize,
        _: &CounterRng,
        device: &Device,
    ) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let mut course = TimeCourse::new(Self::NAME, grid, self.active, batch, neurons)?;
        if let (true, Some(end)) = (self.spaic_compat, self.active.end_time) {
            course.on.end = course.on.end.min((end / grid.dt_written()) as usize);
        }
        let samples = course.samples(&[("slope", &self.slope), ("base", &self.base)])?;
        Ok(course.current(samples, device, |ms, sample, n| {
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
        let signal =
            ramp.generate(TimeGrid { steps: 5, dt: 0.1 }, 3, 1, &CounterRng::new(0), &Device::default()).unwrap();
        let values: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
        assert_eq!(values, [0.0, 4.0, 6.0, 8.0, 0.0]);
    }
}
