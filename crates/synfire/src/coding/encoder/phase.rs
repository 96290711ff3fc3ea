//! Phase coding: the binary digits of values, one after the other.

use super::{Activations, Encode, Source, TimeGrid, Trains, settings};
use crate::Error;
use crate::coding::rounding::Level;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// Phase coding: the first binary digits of a value as spikes, over and over, the most significant first.
///
/// ```text
/// phase  = t mod bits
/// s[t]   = digit of 2^-(1 + phase) in floor(x 2^bits) / 2^bits    x in [0, 1]; 1 is all digits
/// weight = 2^-(1 + phase), or 1 without weights
/// ```
///
/// With weights the spikes of `bits` steps add up to the value. Kim, Kim, Huh, Lee & Choi 2018, Deep neural
/// networks with weighted spikes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Number of digits and of steps of a period, 1 to 24.
    pub bits: usize,
    /// Whether a spike has the weight of its digit.
    pub weighted: bool,
}

impl Default for Phase {
    fn default() -> Self {
        Phase { bits: 8, weighted: true }
    }
}

impl Named for Phase {
    const NAME: &'static str = "phase";
    const ABOUT: &'static str = "the binary digits of a value, over and over";
}

impl Encode for Phase {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless((1..=24).contains(&self.bits), "bits", self.bits, "1 to 24")
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let samples = source.on_host(Self::NAME, [0.0, 1.0], grid)?;
        let bits = self.bits;
        let levels = 1u32 << bits;
        let mut trains = Trains::silent(grid, samples.batch, samples.features);
        for (i, x) in samples.values.iter().enumerate() {
            // the factor is a power of two: nothing is rounded but a grey level, to single precision
            let digits = ((Level::of(*x).value * f64::from(levels)) as u32).min(levels - 1);
            for step in 0..grid.steps {
                let phase = step % bits;
                if digits >> (bits - 1 - phase) & 1 == 1 {
                    *trains.at(step, i) = if self.weighted { 0.5f32.powi(1 + phase as i32) } else { 1.0 };
                }
            }
        }
        Ok(trains.activations(&samples.device))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};

    #[test]
    fn a_period_adds_up_to_the_value() {
        let samples = Tensor::<2>::from_floats([[0.625, 0.2, 1.0]], &Device::default());
        let encode = |weighted, steps| {
            let signal =
                Phase { bits: 3, weighted }.encode(samples.clone().into(), TimeGrid { steps, dt: 1.0 }, 0).unwrap();
            signal.values
        };
        let sum: Vec<f32> = encode(true, 3).sum_dim(0).into_data().try_into_vec().unwrap();
        assert_eq!(sum, [0.625, 0.125, 0.875]);
        let spikes: Vec<f32> = encode(false, 4).into_data().try_into_vec().unwrap();
        assert_eq!(spikes, [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0]);
    }

    #[test]
    fn digits_of_grey_levels_are_exact() {
        for bits in 1..=24 {
            let encoder = Phase { bits, weighted: false };
            let values: Vec<f32> = (0..=255u8).map(|k| f32::from(k) / 255.0).collect();
            let samples = Tensor::<1>::from_floats(values.as_slice(), &Device::default()).reshape([1, 256]);
            let signal = encoder.encode(samples.into(), TimeGrid { steps: bits, dt: 1.0 }, 0).unwrap();
            let spikes: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
            for k in 0..=255 {
                let digits = (0..bits).fold(0, |digits, t| 2 * digits + spikes[t * 256 + k] as usize);
                assert_eq!(digits, ((k << bits) / 255).min((1 << bits) - 1), "{k} / 255, {bits} digits");
            }
        }
    }
}
