//! Sine currents.

use super::{Generate, Wave};
use crate::Error;
use crate::coding::{Activations, TimeGrid};
use crate::registry::{BadSetting, Named};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use synfire_dynamics::CounterRng;

/// A sine current.
///
/// ```text
/// I[t] = amplitude sin(2 pi t dt / period)
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SinGenerator(pub Wave);

impl Named for SinGenerator {
    const NAME: &'static str = "sin_generator";
    const ABOUT: &'static str = "a sine current";
    const ALIASES: &'static [&'static str] = &["sin"];
}

impl Generate for SinGenerator {
    fn check(&self) -> Result<(), BadSetting> {
        self.0.check()
    }

    fn generate(
        &self,
        grid: TimeGrid,
        batch: usize,
        neurons: usize,
        _: &CounterRng,
        device: &Device,
    ) -> Result<Activations, Error> {
        self.0.current(Self::NAME, f64::sin, grid, [batch, neurons], device)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CosineGenerator, NeuronValues};
    use super::*;
    use crate::coding::ActiveInterval;

    #[test]
    fn a_quarter_of_the_period_lies_between_cosine_and_sine() {
        let period = NeuronValues::PerSample(vec![vec![2.0], vec![4.0]]);
        let wave = Wave { amplitude: NeuronValues::One(3.0), period, active: ActiveInterval::default() };
        let (sine, cosine) = (SinGenerator(wave.clone()), CosineGenerator(wave));
        let grid = TimeGrid { steps: 4, dt: 0.5 };
        let values = |current: Activations| current.values.into_data().try_into_vec::<f32>().unwrap();
        let device = Device::default();
        let sine = values(sine.generate(grid, 2, 1, &CounterRng::new(0), &device).unwrap());
        let cosine = values(cosine.generate(grid, 2, 1, &CounterRng::new(0), &device).unwrap());
        let slow = 3.0 * 0.5f32.sqrt();
        let near = |actual: &[f32], expected: [f32; 8]| actual.iter().zip(expected).all(|(a, e)| (a - e).abs() < 1e-6);
        assert!(near(&sine, [0.0, 0.0, 3.0, slow, 0.0, 3.0, -3.0, slow]), "{sine:?}");
        assert!(near(&cosine, [3.0, 3.0, 0.0, slow, -3.0, 0.0, 0.0, -slow]), "{cosine:?}");
    }
}
