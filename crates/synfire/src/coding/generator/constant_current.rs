//! Constant currents.

use super::{Generate, NeuronValues, TimeCourse, settings};
use crate::Error;
use crate::coding::{Activations, ActiveInterval, TimeGrid};
use crate::registry::{BadSetting, Named};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use synfire_dynamics::CounterRng;

/// A constant current.
///
/// ```text
/// I[t] = amplitude while it is on, 0 else
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConstantCurrentGenerator {
    /// Current, in the unit of the neurons' current.
    pub amplitude: NeuronValues,
    /// The interval in which it is on.
    #[serde(flatten)]
    pub active: ActiveInterval,
}

impl Default for ConstantCurrentGenerator {
    fn default() -> Self {
        ConstantCurrentGenerator { amplitude: NeuronValues::One(1.0), active: ActiveInterval::default() }
    }
}

impl Named for ConstantCurrentGenerator {
    const NAME: &'static str = "constant_current_generator";
    const ABOUT: &'static str = "a constant current";
    const ALIASES: &'static [&'static str] = &["constant_current", "cc_generator"];
}

impl Generate for ConstantCurrentGenerator {
    fn check(&self) -> Result<(), BadSetting> {
        self.amplitude.check("amplitude", "finite numbers", |_| true)?;
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
        let course = TimeCourse::new(Self::NAME, grid, self.active, batch, neurons)?;
        let samples = course.samples(&[("amplitude", &self.amplitude)])?;
        Ok(course.constant(samples, device, |sample, n| self.amplitude.get(sample, n)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_tells_all_unless_it_ends() {
        let generate = |end_time| {
            let amplitude = NeuronValues::PerNeuron(vec![0.5, 2.0]);
            let active = ActiveInterval { start_time: 0.0, end_time };
            let generator = ConstantCurrentGenerator { amplitude, active };
            generator
                .generate(TimeGrid { steps: 3, dt: 1.0 }, 4, 2, &CounterRng::new(0), &Device::default())
                .unwrap()
                .values
        };
        assert_eq!(generate(None).into_data().try_into_vec::<f32>().unwrap(), [0.5, 2.0]);
        assert_eq!(generate(Some(1.0)).into_data().try_into_vec::<f32>().unwrap(), [0.5, 2.0, 0.0, 0.0, 0.0, 0.0]);
    }
}
