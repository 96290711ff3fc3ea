//! Binary digits over time.

use super::{Encode, Signal, Source, Window};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The first `bits` binary digits of each number, one per step and over again, as inputs of `2^-1`, `2^-2` and so on for a
/// digit that is 1 (weighted spikes, Kim et al. 2018). Numbers are in [0, 1]; 1 has all digits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Digits of a number, 1 to 16.
    pub bits: u32,
}

impl Default for Phase {
    fn default() -> Self {
        Phase { bits: 8 }
    }
}

impl Named for Phase {
    const NAME: &'static str = "phase";
    const ABOUT: &'static str = "binary digits, one per step, the weightier the earlier";
}

impl Encode for Phase {
    fn check(&self) -> Result<(), BadSetting> {
        match (1..=16).contains(&self.bits) {
            true => Ok(()),
            false => Err(BadSetting::of("bits", format!("is {}; expected 1 to 16", self.bits))),
        }
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [0.0, 1.0])?.unsqueeze_dim::<3>(0);
        let levels = (1u32 << self.bits) as f32;
        let number = (samples * levels).floor().clamp(0.0, levels - 1.0);
        let digit = |place: u32| {
            let shifted = (number.clone() / (1u32 << (self.bits - 1 - place)) as f32).floor();
            let odd = shifted.clone() - (shifted / 2.0).floor() * 2.0;
            odd / (2u32 << place) as f32
        };
        let digits: Vec<Tensor<3>> = (0..self.bits).map(digit).collect();
        let over_again = (0..window.steps).map(|step| digits[step % self.bits as usize].clone());
        Ok(Tensor::cat(over_again.collect(), 0).into())
    }
}
