//! Where a training is.

use crate::train::{EpochRecord, LossScale, TrainingConfig};
use serde::{Deserialize, Serialize};

/// Position of a training in its data, and its measures since the epoch began.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Epochs done.
    pub epoch: usize,
    /// Batches done of the epoch that has begun.
    pub batch: usize,
    samples: usize,
    loss: f64,
    correct: Option<usize>,
    #[serde(default)]
    pub(crate) scale: LossScale,
}

impl Position {
    pub(crate) fn add(&mut self, samples: usize, loss: f32, correct: Option<usize>) {
        self.correct = if self.samples == 0 { correct } else { self.correct.zip(correct).map(|(a, b)| a + b) };
        self.batch += 1;
        self.samples += samples;
        self.loss += f64::from(loss) * samples as f64;
    }

    /// The beginning of the next epoch.
    pub(crate) fn next_epoch(&self) -> Self {
        Position { epoch: self.epoch + 1, scale: self.scale, ..Position::default() }
    }

    /// Mean loss, and accuracy if there is one, of the epoch that has begun.
    pub(crate) fn means(&self) -> (f64, Option<f64>) {
        let samples = self.samples.max(1) as f64;
        (self.loss / samples, self.correct.map(|correct| correct as f64 / samples))
    }
}

/// State of a training beside the parameters and the optimisers' states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct TrainingState {
    /// Options of the training.
    pub options: TrainingConfig,
    /// Where it is. Data order and random encoders follow from the seed and this.
    pub position: Position,
    /// Measures of every epoch.
    pub history: Vec<EpochRecord>,
    /// Fingerprint of the data that it learns from; files of schemas 1 and 2 have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

/// A state in a file: those of schema 1 have the options beside the network.
#[derive(Deserialize)]
struct Stored {
    #[serde(alias = "config")]
    options: Options,
    position: Position,
    history: Vec<EpochRecord>,
    #[serde(default)]
    data: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Options {
    Beside { training: TrainingConfig },
    Alone(TrainingConfig),
}

impl From<Stored> for TrainingState {
    fn from(Stored { options, position, history, data }: Stored) -> Self {
        let (Options::Beside { training: options } | Options::Alone(options)) = options;
        TrainingState { options, position, history, data }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_schema_1_are_read() {
        let state = TrainingState {
            options: TrainingConfig { epochs: 7, ..TrainingConfig::default() },
            position: Position {
                epoch: 2,
                batch: 1,
                samples: 32,
                loss: 40.5,
                correct: Some(20),
                ..Position::default()
            },
            history: vec![],
            data: None,
        };
        let new = serde_json::to_value(&state).unwrap();
        assert_eq!(serde_json::from_value::<TrainingState>(new.clone()).unwrap(), state);
        let network = serde_json::json!({ "steps": 3, "layers": [] });
        let old = serde_json::json!({
            "config": { "training": new["options"], "network": network },
            "position": new["position"],
            "history": [],
        });
        assert_eq!(serde_json::from_value::<TrainingState>(old).unwrap(), state);
        assert!(serde_json::from_value::<TrainingState>(serde_json::json!({ "options": {}, "history": [] })).is_err());
    }
}
