//! Numbers of a generator: one for all neurons, one per neuron, or one per sample and neuron.

use crate::registry::BadSetting;
use serde::{Deserialize, Serialize};

/// A number for all neurons, a list with one per neuron, or a list of such lists with one per sample.
///
/// In TOML `0.5`, `[0.5, 0.7]` or `[[0.5, 0.7], [0.1, 0.2]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Values {
    /// One for all.
    One(f64),
    /// One per neuron.
    PerNeuron(Vec<f64>),
    /// One per sample and neuron.
    PerSample(Vec<Vec<f64>>),
}

impl From<f64> for Values {
    fn from(value: f64) -> Self {
        Values::One(value)
    }
}

impl Values {
    /// Refuses numbers that are not finite or that `fits` does not take.
    pub(super) fn check(&self, key: &'static str, expected: &str, fits: fn(f64) -> bool) -> Result<(), BadSetting> {
        match self.numbers().find(|x| !(x.is_finite() && fits(*x))) {
            Some(bad) => Err(BadSetting::of(key, format!("has {bad}; expected {expected}"))),
            None => Ok(()),
        }
    }

    fn numbers(&self) -> Box<dyn Iterator<Item = f64> + '_> {
        match self {
            Values::One(value) => Box::new(core::iter::once(*value)),
            Values::PerNeuron(values) => Box::new(values.iter().copied()),
            Values::PerSample(rows) => Box::new(rows.iter().flatten().copied()),
        }
    }

    /// Number of samples that it tells apart: the batch's, or 1 if all are alike.
    pub(super) fn samples(&self) -> usize {
        match self {
            Values::PerSample(rows) => rows.len(),
            _ => 1,
        }
    }

    /// Refuses another number of samples or neurons than there are.
    pub(super) fn fit(&self, key: &'static str, batch: usize, neurons: usize) -> Result<(), BadSetting> {
        let problem = match self {
            Values::PerNeuron(values) if values.len() != neurons => {
                format!("has {} numbers; expected one number, or one for each of {neurons} neurons", values.len())
            }
            Values::PerSample(rows) if rows.len() != batch => {
                format!("has {} lists; expected one for each of {batch} samples", rows.len())
            }
            Values::PerSample(rows) => match rows.iter().find(|row| row.len() != neurons) {
                Some(row) => format!("has a list of {} numbers; expected one for each of {neurons} neurons", row.len()),
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        Err(BadSetting::of(key, problem))
    }

    /// That of a sample and neuron, where it [fits](Self::fit).
    pub(super) fn get(&self, sample: usize, neuron: usize) -> f64 {
        match self {
            Values::One(value) => *value,
            Values::PerNeuron(values) => values[neuron],
            Values::PerSample(rows) => rows[sample][neuron],
        }
    }
}
