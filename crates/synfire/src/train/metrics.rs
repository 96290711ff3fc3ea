//! Measures of a training.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Measures of one epoch. The same seed gives the same bytes: no times in here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// From 1.
    pub epoch: usize,
    /// Mean over the epoch's samples, while learning.
    pub train_loss: f64,
    /// Share of the epoch's samples, while learning, in [0, 1]; absent where targets are no classes.
    pub train_accuracy: Option<f64>,
    /// On the held out data.
    pub validation_loss: Option<f64>,
    /// On the held out data, in [0, 1]; absent where targets are no classes.
    pub validation_accuracy: Option<f64>,
    /// Learning rate of the last step.
    pub learning_rate: f64,
    /// Spikes per neuron and step, for each layer of neurons, on a fixed sample of the data.
    pub firing_rates: BTreeMap<String, f64>,
    /// Norm of the gradient in the last step, for each parameter that learns.
    pub gradient_norms: BTreeMap<String, f64>,
    /// Each time constant that learns, after the epoch; files of earlier versions have none.
    #[serde(default)]
    pub time_constants: BTreeMap<String, TimeConstant>,
}

/// Values of a time constant over the neurons of its layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeConstant {
    /// Mean over the values.
    pub mean: f64,
    /// Smallest value.
    pub minimum: f64,
    /// Largest value.
    pub maximum: f64,
    /// Unit of the model: `ms`, or `steps` of those that count them.
    pub unit: String,
}

/// Samples of each class by the class that the model takes them for: `confusion[class][answer]`. Pairs without a sample
/// are left out.
pub type Confusion = BTreeMap<i64, BTreeMap<i64, usize>>;

impl EpochRecord {
    /// Plain words on layers that are silent or saturated, and so cannot learn.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.firing_rates
            .iter()
            .filter_map(|(layer, &rate)| {
                if rate < 1e-3 {
                    Some(format!(
                        "{layer} is silent ({:.3} % of its neurons fire in a step): lower `v_th`, raise `tau_m` or the `gain` of the connections before it, or use a wider surrogate",
                        rate * 100.0
                    ))
                } else if rate > 0.9 {
                    Some(format!(
                        "{layer} is saturated ({:.0} % of its neurons fire in every step): raise `v_th` or lower the learning rate",
                        rate * 100.0
                    ))
                } else {
                    None
                }
            })
            .collect()
    }
}

/// Measures of a model on some samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Samples.
    pub samples: usize,
    /// Mean loss.
    pub loss: f64,
    /// Share of samples whose class has the highest score, in [0, 1]; NaN where targets are no classes.
    #[serde(with = "nan_as_none")]
    pub accuracy: f64,
    /// Samples of each class, and how many of them were right; empty where targets are no classes.
    #[serde(default)]
    pub per_class: BTreeMap<i64, ClassCount>,
    /// Samples of each class by the class with the highest score; empty where targets are no classes.
    #[serde(default)]
    pub confusion: Confusion,
    /// Spikes per neuron and step, for each layer of neurons that spike.
    pub firing_rates: BTreeMap<String, f64>,
}

/// Samples of a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassCount {
    /// All of them.
    pub samples: usize,
    /// Those whose class has the highest score.
    pub correct: usize,
}

impl ClassCount {
    /// Of the samples of `class`, by the class that they are taken for.
    pub(super) fn of(class: i64, answers: &BTreeMap<i64, usize>) -> Self {
        ClassCount { samples: answers.values().sum(), correct: answers.get(&class).copied().unwrap_or(0) }
    }
}

/// JSON has no NaN.
mod nan_as_none {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        (!value.is_nan()).then_some(value).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN))
    }
}

#[cfg(test)]
mod tests {
    use super::EpochRecord;

    #[test]
    fn silent_and_saturated_layers_are_named() {
        let rates = [("layers.1", 0.0), ("layers.3", 0.2), ("layers.5", 0.95)];
        let firing_rates = rates.iter().map(|&(name, rate)| (name.to_string(), rate)).collect();
        let warnings = EpochRecord { firing_rates, ..EpochRecord::default() }.warnings();
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].starts_with("layers.1 is silent"));
        assert!(warnings[1].starts_with("layers.5 is saturated"));
    }
}
