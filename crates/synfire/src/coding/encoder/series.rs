//! Samples that are over time already.

use super::{Activations, Encode, Source, TimeGrid, over_time, settings};
use crate::Error;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// Samples that are over time already: `[B, T, ..]` becomes `[T, B, ..]`; SPAIC's `null`. Differentiable.
///
/// Where a step of the sample lasts several of the network, as the rows of a picture may, connections compute it once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesEncoder {
    /// Steps of the network that each step of the sample lasts, at least 1.
    pub hold: usize,
}

impl Default for SeriesEncoder {
    fn default() -> Self {
        SeriesEncoder { hold: 1 }
    }
}

impl Named for SeriesEncoder {
    const NAME: &'static str = "series";
    const ABOUT: &'static str = "samples that are over time already";
    const ALIASES: &'static [&'static str] = &["null"];
}

impl Encode for SeriesEncoder {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless(self.hold > 0, "hold", self.hold, "at least 1 step")
    }

    fn shape(&self, sample: &[usize], grid: TimeGrid) -> Result<Vec<usize>, String> {
        if self.hold > 0 && !grid.steps.is_multiple_of(self.hold) {
            return Err(format!(
                "has `hold` {} and the network {} steps; expected a `hold` that divides them",
                self.hold, grid.steps
            ));
        }
        let steps = grid.steps / self.hold.max(1);
        over_time::shape(sample, TimeGrid { steps, ..grid })
    }

    fn duration(&self, length: usize) -> Option<usize> {
        Some(length.saturating_mul(self.hold))
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX], grid)?;
        let [batch, values] = samples.dims();
        let shape = self.shape(&[values], grid);
        let shape = shape.map_err(|problem| Error::Source { encoder: Self::NAME, problem })?;
        let rows = samples.reshape([batch, grid.steps / self.hold, shape[0]]);
        Ok(Activations::new(rows.swap_dims(0, 1), grid.dt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};

    #[test]
    fn time_comes_first_and_the_gradient_goes_through() {
        let device = Device::default().autodiff();
        let samples = Tensor::<2>::from_floats([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]], &device).require_grad();
        let grid = TimeGrid { steps: 2, dt: 1.0 };
        let signal = SeriesEncoder::default().encode(samples.clone().into(), grid, 0).unwrap().values;
        let weights = Tensor::<3>::from_floats([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 2.0]]], &device);
        let gradients = (signal.clone() * weights).sum().backward();
        let values: Vec<f32> = signal.into_data().try_into_vec().unwrap();
        assert_eq!(values, [1.0, 2.0, 5.0, 6.0, 3.0, 4.0, 7.0, 8.0]);
        let gradient: Vec<f32> = samples.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
        assert_eq!(gradient, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0]);
    }
}
