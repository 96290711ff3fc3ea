//! Learning rate schedules.

use serde::{Deserialize, Serialize};

/// Schedule of the learning rate over the training, as a factor of the configured one.
///
/// A pure function of the step, so a resumed training needs no state of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Schedule {
    /// Always the same.
    #[default]
    Constant,
    /// Half a cosine from 1 down to `minimum` at the end of the last epoch.
    Cosine {
        /// Factor at the end, in [0, 1].
        #[serde(default)]
        minimum: f64,
    },
    /// Times `factor` every `every` epochs.
    Step {
        /// Epochs between two changes, at least 1.
        every: usize,
        /// Factor of each change, above 0.
        factor: f64,
    },
}

impl Schedule {
    /// Factor at `progress` epochs (a fraction) of `epochs`, the first `warmup` of which rise linearly
    /// from 0.
    #[must_use]
    pub fn factor(self, progress: f64, epochs: usize, warmup: f64) -> f64 {
        let rising = if warmup > 0.0 { (progress / warmup).min(1.0) } else { 1.0 };
        rising
            * match self {
                Schedule::Constant => 1.0,
                Schedule::Cosine { minimum } => {
                    let rest = ((progress - warmup) / (epochs as f64 - warmup).max(1e-9)).clamp(0.0, 1.0);
                    minimum + (1.0 - minimum) * 0.5 * (1.0 + (std::f64::consts::PI * rest).cos())
                }
                Schedule::Step { every, factor } => factor.powi((progress as usize / every.max(1)) as i32),
            }
    }

    pub(super) fn check(self) -> Result<(), String> {
        match self {
            Schedule::Cosine { minimum } if !(0.0..=1.0).contains(&minimum) => {
                Err(format!("`minimum` is {minimum}; expected a factor in [0, 1]"))
            }
            Schedule::Step { every: 0, .. } => Err("`every` is 0; expected at least 1 epoch".to_string()),
            Schedule::Step { factor, .. } if !(factor > 0.0 && factor.is_finite()) => {
                Err(format!("`factor` is {factor}; expected a number above 0"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Schedule;

    #[test]
    fn factors_at_known_places() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(Schedule::Constant.factor(7.5, 10, 0.0), 1.0);
        close(Schedule::Constant.factor(0.5, 10, 2.0), 0.25);
        let cosine = Schedule::Cosine { minimum: 0.1 };
        close(cosine.factor(0.0, 10, 0.0), 1.0);
        close(cosine.factor(5.0, 10, 0.0), 0.55);
        close(cosine.factor(10.0, 10, 0.0), 0.1);
        close(cosine.factor(6.0, 10, 2.0), 0.55);
        let step = Schedule::Step { every: 3, factor: 0.5 };
        close(step.factor(2.9, 10, 0.0), 1.0);
        close(step.factor(3.0, 10, 0.0), 0.5);
        close(step.factor(9.5, 10, 0.0), 0.125);
    }
}
