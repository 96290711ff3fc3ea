//! Population coding: several inputs for each value, each with a favourite one.

use super::{Activations, Encode, Source, TimeGrid, settings};
use crate::Error;
use crate::coding::precision::single;
use crate::registry::{BadSetting, Named};
use burn::tensor::{DType, Tensor};
use serde::{Deserialize, Serialize};

/// Population coding by Gaussian receptive fields: a value becomes the responses of `K` overlapping fields, as
/// currents that are the same at every step; `[B, ..]` becomes `[T, B, .., K]`. Differentiable.
///
/// ```text
/// width  = (high - low) / (K - 2)
/// centre = low + (k - 1/2) width           k = 0 .. K-1
/// I[k]   = exp(-(x - centre)^2 / (2 (width / beta)^2))
/// ```
///
/// Bohte, Kok & La Poutre 2002, Error-backpropagation in temporally encoded networks of spiking neurons.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// Number of inputs for each value, `K`, 3 to 1000.
    pub neurons: usize,
    /// Least value.
    pub low: f64,
    /// Largest value, above the least.
    pub high: f64,
    /// Narrowness of the fields, above 0; the paper has 1 to 2.
    pub beta: f64,
}

impl Default for Population {
    fn default() -> Self {
        Population { neurons: 10, low: 0.0, high: 1.0, beta: 1.5 }
    }
}

impl Named for Population {
    const NAME: &'static str = "population";
    const ABOUT: &'static str = "several inputs per value, each with a favourite one";
}

impl Encode for Population {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless((3..=1000).contains(&self.neurons), "neurons", self.neurons, "3 to 1000")?;
        let finite = |x: f64| (x as f32).is_finite();
        BadSetting::unless(finite(self.low), "low", self.low, "a finite number in single precision")?;
        let fits = self.high > self.low && finite(self.high);
        BadSetting::unless(fits, "high", self.high, "a finite number above `low` in single precision")?;
        let fits = self.beta > 0.0 && finite(self.beta / self.width());
        BadSetting::unless(fits, "beta", self.beta, "a number above 0 that leaves fields a width")
    }

    fn shape(&self, sample: &[usize], _: TimeGrid) -> Result<Vec<usize>, String> {
        Ok(sample.iter().copied().chain([self.neurons]).collect())
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let samples = source.samples(Self::NAME, [self.low as f32, self.high as f32], grid)?;
        let ([batch, features], dtype) = (samples.dims(), samples.dtype());
        let samples = single(samples);
        let width = self.width();
        let centres: Vec<f32> = (0..self.neurons).map(|k| (self.low + (k as f64 - 0.5) * width) as f32).collect();
        let centres = Tensor::<1>::from_floats(centres.as_slice(), &samples.device()).reshape([1, 1, self.neurons]);
        let distance = (samples.unsqueeze_dim::<3>(2) - centres) * (self.beta / width);
        let response = (distance.square() * -0.5).exp();
        let response = response.reshape([1, batch, features * self.neurons]);
        Ok(Activations::new(if dtype == DType::F32 { response } else { response.cast(dtype) }, grid.dt))
    }
}

impl Population {
    /// Distance between neighbouring centres.
    fn width(&self) -> f64 {
        (self.high - self.low) / (self.neurons - 2) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn the_nearest_field_responds_most_and_there_is_a_gradient() {
        let device = Device::default().autodiff();
        let encoder = Population { neurons: 4, low: -1.0, high: 1.0, beta: 1.0 };
        let grid = TimeGrid { steps: 3, dt: 1.0 };
        let samples = Tensor::<2>::from_floats([[0.5, -1.0]], &device).require_grad();
        let signal = encoder.encode(samples.clone().into(), grid, 0).unwrap().values;
        assert_eq!(signal.dims(), [1, 1, 8]);
        assert_eq!(encoder.inputs(2, grid), Ok(8));
        let gradients = signal.clone().sum().backward();
        let responses: Vec<f32> = signal.into_data().try_into_vec().unwrap();
        // centres at -1.5, -0.5, 0.5 and 1.5, the width is 1
        let field = |distance: f32| (-distance * distance / 2.0).exp();
        let expected = [2.0, 1.0, 0.0, 1.0, 0.5, 0.5, 1.5, 2.5].map(field);
        assert!(responses.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{responses:?}");
        let gradient: Vec<f32> = samples.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
        // d/dx of a field is -(x - centre) times it
        let expected = -2.0 * field(2.0);
        assert!((gradient[0] - expected).abs() < 1e-6, "{gradient:?}");
    }
}
