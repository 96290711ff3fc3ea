//! The input of a simulation over time, and how it is written.

use crate::coding::{ActiveInterval, TimeGrid};
use core::str::FromStr;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::f64::consts::TAU;

/// Steps of a simulation at most: more would be more than anybody looks at.
pub const MOST_STEPS: usize = 1_000_000;

/// A current over time. Its text is a number, or
///
/// | text | |
/// |---|---|
/// | `step:AMPLITUDE:START:END` | `AMPLITUDE` from `START` to `END` ms, nothing before and after |
/// | `ramp:FROM:TO` | from `FROM` at the beginning to `TO` at the end |
/// | `sine:AMPLITUDE:PERIOD` | `AMPLITUDE sin(2 pi t / PERIOD)`, `PERIOD` in ms |
/// | `pulses:AMPLITUDE:PERIOD:WIDTH` | `AMPLITUDE` for the first `WIDTH` ms of every `PERIOD` ms |
/// | `noise:MEAN:DEVIATION:SEED` | a normal random value for each step |
/// | `points:V:V:..` | values evenly spaced over the whole time, straight lines between them |
#[derive(Clone, Debug, PartialEq)]
pub enum Current {
    /// The same all the time.
    Constant(f64),
    /// On from a time to another one, in ms.
    Step {
        /// Value while it is on.
        amplitude: f64,
        /// In ms.
        start: f64,
        /// In ms.
        end: f64,
    },
    /// A straight line over the whole time.
    Ramp {
        /// Value at the first step.
        from: f64,
        /// Value at the last step.
        to: f64,
    },
    /// A sine that begins at 0.
    Sine {
        /// Largest value.
        amplitude: f64,
        /// In ms, above 0.
        period: f64,
    },
    /// Rectangular pulses, the first one at the beginning.
    Pulses {
        /// Value during a pulse.
        amplitude: f64,
        /// From the beginning of a pulse to that of the next, in ms, above 0.
        period: f64,
        /// Duration of a pulse in ms.
        width: f64,
    },
    /// Independent normal values, one for each step.
    Noise {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        deviation: f64,
        /// Seed of the values.
        seed: u64,
    },
    /// Values at times evenly spaced from the first step to the last, with straight lines between them.
    Points(Vec<f64>),
    /// A value for each step; 0 after the last.
    Values(Vec<f64>),
}

impl Current {
    /// Names of the forms of its text, for messages.
    pub const EXPECTED: &str = "a number, step:AMPLITUDE:START:END, ramp:FROM:TO, sine:AMPLITUDE:PERIOD, \
        pulses:AMPLITUDE:PERIOD:WIDTH, noise:MEAN:DEVIATION:SEED, points:VALUE:VALUE:..";

    /// Its values at the first `steps` steps of `dt` ms.
    #[must_use]
    pub fn over(&self, steps: usize, dt: f64) -> Vec<f32> {
        let last = steps.saturating_sub(1).max(1) as f64;
        let time = |t: usize| t as f64 * dt;
        let values = |at: &dyn Fn(usize) -> f64| (0..steps).map(|t| at(t) as f32).collect();
        match self {
            Current::Constant(value) => values(&|_| *value),
            Current::Step { amplitude, start, end } => {
                let active = ActiveInterval { start_time: *start, end_time: Some(*end) };
                let on = active.steps(TimeGrid { steps, dt: dt as f32 });
                values(&|t| if on.contains(&t) { *amplitude } else { 0.0 })
            }
            Current::Ramp { from, to } => values(&|t| from + (to - from) * t as f64 / last),
            Current::Sine { amplitude, period } => values(&|t| amplitude * (TAU * time(t) / period).sin()),
            Current::Pulses { amplitude, period, width } => {
                // a step that begins with a pulse is in it, whatever its time is rounded to
                let phase = |t: usize| (time(t) + 1e-9 * period).rem_euclid(*period);
                values(&|t| if phase(t) < *width { *amplitude } else { 0.0 })
            }
            Current::Noise { mean, deviation, seed } => {
                let mut rng = ChaCha8Rng::seed_from_u64(*seed);
                (0..steps).map(|_| (mean + deviation * normal(&mut rng)) as f32).collect()
            }
            Current::Points(points) => values(&|t| between(points, t as f64 / last)),
            Current::Values(rows) => values(&|t| rows.get(t).copied().unwrap_or(0.0)),
        }
    }
}

/// A normal value of mean 0 and variance 1 (Box and Muller 1958).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let mut uniform = || (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let (radius, angle) = (1.0 - uniform(), uniform());
    (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
}

/// The value at a share of the way through these points.
fn between(points: &[f64], share: f64) -> f64 {
    let place = share * points.len().saturating_sub(1) as f64;
    let before = place.floor() as usize;
    let value = |i: usize| points.get(i).or(points.last()).copied().unwrap_or(0.0);
    value(before) + (value(before + 1) - value(before)) * (place - before as f64)
}

impl FromStr for Current {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.parse::<f64>().is_ok() {
            return Ok(Current::Constant(number(text)?));
        }
        let mut parts = text.split(':');
        let shape = parts.next().unwrap_or_default();
        let numbers = || parts.map(number).collect::<Result<Vec<f64>, String>>();
        let refuse = |expected: &str| Err(format!("expected {expected}"));
        match shape {
            "step" => match numbers()?[..] {
                [_, start, end] if end <= start => Err(format!("it ends at {end} ms, before it begins")),
                [amplitude, start, end] => Ok(Current::Step { amplitude, start, end }),
                _ => refuse("step:AMPLITUDE:START:END, for example step:1.5:20:80"),
            },
            "ramp" => match numbers()?[..] {
                [from, to] => Ok(Current::Ramp { from, to }),
                _ => refuse("ramp:FROM:TO, for example ramp:0:2"),
            },
            "sine" => match numbers()?[..] {
                [amplitude, period] => Ok(Current::Sine { amplitude, period: period_of(period)? }),
                _ => refuse("sine:AMPLITUDE:PERIOD, for example sine:1:25"),
            },
            "pulses" => match numbers()?[..] {
                [amplitude, period, width] => Ok(Current::Pulses { amplitude, period: period_of(period)?, width }),
                _ => refuse("pulses:AMPLITUDE:PERIOD:WIDTH, for example pulses:2:20:1"),
            },
            "noise" => match numbers()?[..] {
                [_, deviation, _] if deviation < 0.0 => {
                    Err(format!("its standard deviation is {deviation}; expected 0 or more"))
                }
                [mean, deviation, seed] => Ok(Current::Noise { mean, deviation, seed: whole(seed)? }),
                _ => refuse("noise:MEAN:DEVIATION:SEED, for example noise:1:0.5:0"),
            },
            "points" => match numbers()? {
                points if points.is_empty() => refuse("points:VALUE:VALUE:.., for example points:0:1:0.5"),
                points => Ok(Current::Points(points)),
            },
            _ => refuse(Current::EXPECTED),
        }
    }
}

fn number(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    // it is single precision that the neuron gets
    match (value as f32).is_finite() {
        true => Ok(value),
        false => Err(format!("{value} is not a finite number")),
    }
}

fn period_of(period: f64) -> Result<f64, String> {
    if period > 0.0 { Ok(period) } else { Err(format!("its period is {period} ms; expected one above 0")) }
}

fn whole(seed: f64) -> Result<u64, String> {
    match (0.0..=9.0e15).contains(&seed) && seed.fract() == 0.0 {
        true => Ok(seed as u64),
        false => Err(format!("its seed is {seed}; expected a whole number of 0 or more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(text: &str, steps: usize, dt: f64) -> Vec<f32> {
        text.parse::<Current>().unwrap().over(steps, dt)
    }

    #[test]
    fn every_form_has_its_values() {
        assert_eq!(over("2.5", 2, 1.0), [2.5, 2.5]);
        assert_eq!(over("step:2:1:3", 4, 1.0), [0.0, 2.0, 2.0, 0.0]);
        assert_eq!(over("ramp:0:3", 4, 1.0), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(over("pulses:1:0.3:0.1", 7, 0.1), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0]);
        assert_eq!(over("points:0:2:0", 5, 1.0), [0.0, 1.0, 2.0, 1.0, 0.0]);
        assert_eq!(over("points:3", 2, 1.0), [3.0, 3.0]);
        assert_eq!(Current::Values(vec![1.0]).over(2, 1.0), [1.0, 0.0]);
    }

    #[test]
    fn noise_is_normal_and_follows_from_its_seed() {
        let noise = over("noise:1:2:7", 20_000, 1.0);
        assert_eq!(noise, over("noise:1:2:7", 20_000, 1.0));
        assert_ne!(noise, over("noise:1:2:8", 20_000, 1.0));
        let mean = noise.iter().sum::<f32>() / 20_000.0;
        let variance = noise.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 20_000.0;
        // 4 standard errors
        assert!((mean - 1.0).abs() < 0.057 && (variance - 4.0).abs() < 0.16, "{mean} {variance}");
    }

    #[test]
    fn what_is_no_current_is_refused() {
        for (text, words) in [
            ("much", "expected a number, step:"),
            ("pulses:1:0:1", "period is 0 ms"),
            ("noise:0:-1:0", "standard deviation is -1"),
            ("noise:0:1:0.5", "seed is 0.5"),
            ("points", "points:VALUE"),
            ("points:inf", "not a finite number"),
            ("points:1:x", "`x` is not a number"),
        ] {
            let problem = text.parse::<Current>().unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }
}
