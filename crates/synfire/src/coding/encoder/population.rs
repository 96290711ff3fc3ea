//! A group of inputs for each number.

use super::{Encode, Signal, Source, Window};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Each number becomes `neurons` inputs with Gaussian receptive fields (Bohte et al. 2002): the current
/// `exp(-(x - c)^2 / (2 s^2))` at every step, centres `c` spread evenly over `[low, high]`, `s` the distance of two centres
/// divided by `overlap`. Differentiable.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Inputs for each number, at least 2.
    pub neurons: usize,
    /// Where the first has its centre.
    pub low: f32,
    /// Where the last has its centre, above `low`.
    pub high: f32,
    /// Distance of two centres in widths of a field, above 0.
    pub overlap: f32,
}

impl Default for Population {
    fn default() -> Self {
        Population { neurons: 8, low: 0.0, high: 1.0, overlap: 1.5 }
    }
}

impl Named for Population {
    const NAME: &'static str = "population";
    const ABOUT: &'static str = "a group of inputs per number, each with a favourite";
}

const MOST_NEURONS: usize = 1000;

impl Encode for Population {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("overlap", self.overlap, "a number")?;
        if !(2..=MOST_NEURONS).contains(&self.neurons) {
            let problem = format!("is {}; expected 2 to {MOST_NEURONS} inputs for each number", self.neurons);
            return Err(BadSetting::of("neurons", problem));
        }
        match self.high > self.low && self.low.is_finite() && self.high.is_finite() {
            true => Ok(()),
            false => Err(BadSetting::of(
                "high",
                format!("is {}, `low` {}; expected the ends of a range", self.high, self.low),
            )),
        }
    }

    fn inputs(&self, features: usize, _: Window) -> Result<usize, String> {
        Ok(features * self.neurons)
    }

    fn encode(&self, source: Source, _: Window, _: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX])?;
        let ([batch, features], neurons) = (samples.dims(), self.neurons);
        let distance = (self.high - self.low) / (neurons - 1) as f32;
        let centres: Vec<f32> = (0..neurons).map(|i| self.low + distance * i as f32).collect();
        let centres = Tensor::<1>::from_floats(centres.as_slice(), &samples.device()).reshape([1, 1, neurons]);
        let away = (samples.unsqueeze_dim::<3>(2) - centres) * (self.overlap / distance);
        Ok((away.square() / -2.0).exp().reshape([1, batch, features * neurons]).into())
    }
}
