//! Settings of a generator that may differ between neurons and samples.

use crate::registry::BadSetting;
use serde::{Deserialize, Serialize};

/// A value for all neurons, a list with one per neuron, or a list of such lists with one per sample.
///
/// In TOML `0.5`, `[0.5, 0.7]` or `[[0.5, 0.7], [0.1, 0.2]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NeuronValues {
    /// One for all.
    One(f64),
    /// One per neuron.
    PerNeuron(Vec<f64>),
    /// One per sample and neuron.
    PerSample(Vec<Vec<f64>>),
}

impl From<f64> for NeuronValues {
    fn from(value: f64) -> Self {
        NeuronValues::One(value)
    }
}

impl NeuronValues {
    /// Refuses values that are not finite or do not `fit`.
    pub(super) fn check(&self, key: &'static str, expected: &str, fits: fn(f64) -> bool) -> Result<(), BadSetting> {
        match self.iter().find(|x| !(x.is_finite() && fits(*x))) {
            Some(bad) => Err(BadSetting::of(key, format!("has {bad}; expected {expected}"))),
            None => Ok(()),
        }
    }

    fn iter(&self) -> Box<dyn Iterator<Item = f64> + '_> {
        match self {
            NeuronValues::One(value) => Box::new(core::iter::once(*value)),
            NeuronValues::PerNeuron(values) => Box::new(values.iter().copied()),
            NeuronValues::PerSample(rows) => Box::new(rows.iter().flatten().copied()),
        }
    }

    /// Number of samples that it tells apart: 1 if all are alike.
    pub(super) fn samples(&self) -> usize {
        match self {
            NeuronValues::PerSample(rows) => rows.len(),
            _ => 1,
        }
    }

    /// Refuses another number of samples or neurons than there are.
    pub(super) fn fit(&self, key: &'static str, batch: usize, neurons: usize) -> Result<(), BadSetting> {
        let problem = match self {
            NeuronValues::PerNeuron(values) if values.len() != neurons => {
                format!("has {} values; expected one value, or one for each of {neurons} neurons", values.len())
            }
            NeuronValues::PerSample(rows) if rows.len() != batch => {
                format!("has {} lists; expected one for each of {batch} samples", rows.len())
            }
            NeuronValues::PerSample(rows) => match rows.iter().find(|row| row.len() != neurons) {
                Some(row) => format!("has a list of {} values; expected one for each of {neurons} neurons", row.len()),
                None => return Ok(()),
            },
            _ => return Ok(()),
        };
        Err(BadSetting::of(key, problem))
    }

    /// The value of a sample and neuron, where it [fits](Self::fit).
    pub(super) fn get(&self, sample: usize, neuron: usize) -> f64 {
        match self {
            NeuronValues::One(value) => *value,
            NeuronValues::PerNeuron(values) => values[neuron],
            NeuronValues::PerSample(rows) => rows[sample][neuron],
        }
    }
}
