//! What is over time already.

use super::{Encode, Signal, Source, Window, over_time};
use crate::Error;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// Samples that are over time already, time first: `[B, T, ..]` becomes `[T, B, ..]`. Differentiable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NullEncoder {}

impl Named for NullEncoder {
    const NAME: &'static str = "null";
    const ABOUT: &'static str = "samples that are over time already";
}

impl Encode for NullEncoder {
    fn shape(&self, sample: &[usize], window: Window) -> Result<Vec<usize>, String> {
        over_time::shape(sample, window)
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX])?;
        let features = over_time::features(Self::NAME, samples.dims(), window)?;
        let batch = samples.dims()[0];
        Ok(samples.reshape([batch, window.steps, features]).swap_dims(0, 1).into())
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
        let window = Window { steps: 2, dt: 1.0 };
        let signal = NullEncoder {}.encode(samples.clone().into(), window, 0).unwrap().values;
        let weights = Tensor::<3>::from_floats([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 2.0]]], &device);
        let gradients = (signal.clone() * weights).sum().backward();
        let numbers: Vec<f32> = signal.into_data().try_into_vec().unwrap();
        assert_eq!(numbers, [1.0, 2.0, 5.0, 6.0, 3.0, 4.0, 7.0, 8.0]);
        let gradient: Vec<f32> = samples.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
        assert_eq!(gradient, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0]);
    }
}
