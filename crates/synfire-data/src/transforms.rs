//! Changes of samples: random ones, made in training alone, and normalisation.

mod events;
mod pictures;

use crate::{DataError, Raw};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

/// A change of samples, as a table `{ name = "shift", pixels = 2 }` of `data.transforms`.
///
/// All but `normalize` are random and made in training alone. The random numbers of a sample follow from the seed of the
/// training, the epoch and the index of the sample, and from nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Transform {
    /// `(value - mean) / std` of the values that the network is given, in training and in tests.
    Normalize {
        /// Mean of the values.
        mean: f32,
        /// Standard deviation of the values, above 0.
        std: f32,
    },
    /// Pictures: a part of the same size out of the picture with a border of zeros, that many pixels wide. Events: as
    /// `shift`.
    Crop {
        /// Width of the border in pixels.
        padding: usize,
    },
    /// Pictures and events: left and right are exchanged.
    Flip {
        /// Probability of the exchange, from 0 to 1.
        #[serde(default = "half")]
        probability: f64,
    },
    /// Pictures and events: up to so many pixels in both directions; zeros come in.
    Shift {
        /// Largest distance in pixels.
        pixels: usize,
    },
    /// Pictures and events: about the centre, by up to so many degrees either way; bilinear for pictures.
    Rotate {
        /// Largest angle in degrees, from 0 to 180.
        degrees: f64,
    },
    /// Events: each time is moved by a normal deviate.
    TimeJitter {
        /// Standard deviation in µs.
        us: f64,
    },
    /// Events: each is left out with a probability that is drawn for the sample, from 0 to `share`.
    DropEvents {
        /// Largest share, from 0 to 1.
        share: f64,
    },
    /// Events: ON and OFF are exchanged.
    FlipPolarity {
        /// Probability of the exchange, from 0 to 1.
        #[serde(default = "half")]
        probability: f64,
    },
    /// Events and sound: times are multiplied by a factor from `1 - share` to `1 + share`.
    TimeStretch {
        /// Largest relative change, from 0 to 0.9.
        share: f64,
    },
    /// Sound and series: normal deviates are added, with a standard deviation that is drawn for the sample, from 0 to
    /// `std` times that of its values.
    Noise {
        /// Largest standard deviation, in those of the sample's values.
        std: f64,
    },
}

fn half() -> f64 {
    0.5
}

/// The random numbers of a pass over the training data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Seed of the training.
    pub seed: u64,
    /// Number of the pass.
    pub epoch: u64,
}

/// Keeps this use of a seed apart from all others.
const PURPOSE: &[u8; 8] = b"augment1";

impl Draw {
    /// Random numbers for a sample.
    pub(crate) fn of_sample(self, index: usize) -> Random {
        let mut key = [0; 32];
        let parts = [self.seed.to_le_bytes(), self.epoch.to_le_bytes(), (index as u64).to_le_bytes(), *PURPOSE];
        key.copy_from_slice(parts.as_flattened());
        Random(ChaCha8Rng::from_seed(key))
    }
}

/// A stream of random numbers.
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    /// From 0 to 1, without 1.
    fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From `-most` to `most`, in whole numbers.
    fn whole(&mut self, most: usize) -> isize {
        let most = most as isize;
        (self.uniform() * (2 * most + 1) as f64) as isize - most
    }

    /// Of mean 0 and variance 1 (Box and Muller).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

impl Transform {
    /// Refuses settings out of their range.
    pub(crate) fn check(&self) -> Result<(), String> {
        let within = |key: &str, value: f64, low: f64, high: f64| match (low..=high).contains(&value) {
            true => Ok(()),
            false => Err(format!("has `{key}` {value}; expected {low} to {high}")),
        };
        match *self {
            Self::Normalize { mean, std } if !(mean.is_finite() && std > 0.0 && std.is_finite()) => {
                Err(format!("has mean {mean} and std {std}; expected numbers, std above 0"))
            }
            Self::Normalize { .. } => Ok(()),
            Self::Crop { padding: pixels } | Self::Shift { pixels } => within("pixels", pixels as f64, 0.0, 4096.0),
            Self::Flip { probability } | Self::FlipPolarity { probability } => {
                within("probability", probability, 0.0, 1.0)
            }
            Self::Rotate { degrees } => within("degrees", degrees, 0.0, 180.0),
            Self::TimeJitter { us } => within("us", us, 0.0, 1e9),
            Self::DropEvents { share } => within("share", share, 0.0, 1.0),
            Self::TimeStretch { share } => within("share", share, 0.0, 0.9),
            Self::Noise { std } => within("std", std, 0.0, 1e3),
        }
    }

    /// Refuses samples of a kind that this does not change.
    pub(crate) fn suits(&self, raw: &Raw) -> Result<(), String> {
        let (found, suits) = match raw {
            Raw::Events(_) => ("events", !matches!(self, Self::Noise { .. })),
            Raw::Sound { .. } => {
                ("sound", matches!(self, Self::Noise { .. } | Self::TimeStretch { .. } | Self::Normalize { .. }))
            }
            Raw::Values { shape, .. } => {
                let picture =
                    matches!(self, Self::Crop { .. } | Self::Flip { .. } | Self::Shift { .. } | Self::Rotate { .. });
                let any = matches!(self, Self::Noise { .. } | Self::Normalize { .. });
                ("arrays", any || picture && matches!(shape.len(), 2 | 3))
            }
        };
        match suits {
            true => Ok(()),
            false => Err(format!("is not for samples that are {found}; remove it")),
        }
    }

    /// Changes a sample at random.
    pub(crate) fn apply(&self, raw: Raw, random: &mut Random) -> Result<Raw, DataError> {
        Ok(match raw {
            Raw::Events(recording) => Raw::Events(events::apply(self, recording, random)),
            Raw::Sound { rate, mut samples } => {
                match *self {
                    Self::Noise { std } => add_noise(&mut samples, std, random),
                    Self::TimeStretch { share } => {
                        samples = stretched(&samples, 1.0 + share * (2.0 * random.uniform() - 1.0))
                    }
                    _ => {}
                }
                Raw::Sound { rate, samples }
            }
            Raw::Values { values, shape } => match *self {
                Self::Noise { std } => {
                    let mut values = values.into_floats();
                    add_noise(&mut values, std, random);
                    Raw::Values { values: values.into(), shape }
                }
                _ => Raw::Values { values: pictures::apply(self, values, &shape, random), shape },
            },
        })
    }
}

fn add_noise(values: &mut [f32], std: f64, random: &mut Random) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    let scale = std * random.uniform() * variance.sqrt();
    values.iter_mut().for_each(|value| *value += (scale * random.normal()) as f32);
}

/// Values at other times, linearly between those that there are.
fn stretched(values: &[f32], factor: f64) -> Vec<f32> {
    let last = values.len().saturating_sub(1);
    let count = ((values.len() as f64 * factor) as usize).max(1);
    let value = |i: usize| {
        let at = (i as f64 / factor).min(last as f64);
        let (left, part) = (at as usize, at.fract() as f32);
        values[left] * (1.0 - part) + values[(left + 1).min(last)] * part
    };
    if values.is_empty() { vec![] } else { (0..count).map(value).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_numbers_follow_from_seed_epoch_and_index_alone() {
        let first = |seed, epoch, index| Draw { seed, epoch }.of_sample(index).uniform();
        assert_eq!(first(1, 2, 3), first(1, 2, 3));
        let all = [first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4)];
        assert!((0..4).all(|i| (0..i).all(|j| all[i] != all[j])));
        let mut random = Draw { seed: 0, epoch: 0 }.of_sample(0);
        let normal: Vec<f64> = (0..20_000).map(|_| random.normal()).collect();
        let mean = normal.iter().sum::<f64>() / 20_000.0;
        let variance = normal.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
        assert!((0..1000).all(|_| (-2..=2).contains(&random.whole(2))));
    }

    #[test]
    fn sound_is_stretched_and_noise_has_its_size() {
        assert_eq!(stretched(&[0.0, 1.0, 2.0, 3.0], 2.0), [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.0]);
        assert_eq!(stretched(&[0.0, 1.0, 2.0, 3.0], 0.5), [0.0, 2.0]);
        let mut values: Vec<f32> = (0..10_000).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let clean = values.clone();
        add_noise(&mut values, 0.5, &mut Draw { seed: 3, epoch: 0 }.of_sample(0));
        let scale = 0.5 * Draw { seed: 3, epoch: 0 }.of_sample(0).uniform();
        let power = values.iter().zip(clean).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>() / 10_000.0;
        assert!((power.sqrt() / scale - 1.0).abs() < 0.03);
    }

    #[test]
    fn settings_out_of_range_and_other_samples_are_refused() {
        assert!(Transform::Flip { probability: 1.5 }.check().unwrap_err().contains("0 to 1"));
        assert!(Transform::Normalize { mean: 0.0, std: 0.0 }.check().unwrap_err().contains("std above 0"));
        let picture = Raw::Values { values: vec![0u8; 4].into(), shape: vec![2, 2] };
        assert!(Transform::TimeJitter { us: 3.0 }.suits(&picture).unwrap_err().contains("arrays"));
        assert!(Transform::Shift { pixels: 1 }.suits(&picture).is_ok());
    }
}
