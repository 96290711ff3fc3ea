//! Predictions of target vectors: regression.

use super::{Batches, Inference, Recorder, floats};
use serde::Serialize;
use std::fmt;
use synfire::coding::Source;
use synfire_data::{Batch, Target};

/// The vectors that a network gives for some samples.
#[derive(Serialize)]
pub(super) struct Predictions {
    /// Mean over samples and elements of the squared error, where the targets are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    squared_error: Option<f64>,
    predictions: Vec<Prediction>,
}

/// The values of a sample.
#[derive(Serialize)]
pub(super) struct Prediction {
    values: Vec<f32>,
    /// The right answer, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Vec<f32>>,
}

impl Prediction {
    /// Mean over the elements of the squared error, where the target is known.
    fn squared_error(&self) -> Option<f64> {
        let target = self.target.as_ref()?;
        let squares = self.values.iter().zip(target).map(|(value, target)| f64::from(value - target).powi(2));
        Some(squares.sum::<f64>() / target.len().max(1) as f64)
    }
}

/// Predicts one batch after the other.
pub(super) fn of(
    inference: &Inference<'_>,
    batches: Batches,
    recorder: &mut Recorder<'_>,
) -> anyhow::Result<Predictions> {
    let &Inference { network, seed, device } = inference;
    let mut predictions = vec![];
    for batch in batches {
        let batch = batch?;
        let source = Source::from_batch(&batch, device);
        let scores = match recorder.is_wanted() {
            true => {
                let (scores, records) = network.record(source, seed)?;
                recorder.add(&records)?;
                scores
            }
            false => network.forward(source, seed)?,
        };
        let len = scores.dims()[1];
        let scores = floats(scores.into_data())?.chunks(len).map(<[f32]>::to_vec).collect();
        predictions.extend(with_targets(scores, &batch));
    }
    Ok(Predictions::new(predictions))
}

/// Predictions of values, with the targets of a batch where it has some.
pub(super) fn with_targets(values: Vec<Vec<f32>>, batch: &Batch) -> Vec<Prediction> {
    let of = |(i, values)| {
        let target = match batch.targets.get(i) {
            Some(Target::Vector(target)) => Some(target),
            _ => None,
        };
        Prediction { values, target }
    };
    values.into_iter().enumerate().map(of).collect()
}

impl Predictions {
    pub(super) fn new(predictions: Vec<Prediction>) -> Self {
        let errors: Option<Vec<f64>> = predictions.iter().map(Prediction::squared_error).collect();
        let squared_error = errors.map(|errors| errors.iter().sum::<f64>() / errors.len().max(1) as f64);
        Predictions { squared_error, predictions }
    }
}

impl fmt::Display for Predictions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |Prediction { values, target }: &Prediction| match target {
            Some(target) => format!("{values:?} (its target is {target:?})"),
            None => format!("{values:?}"),
        };
        let error = self.squared_error.map(|error| format!("mean squared error {error:.6}"));
        let lines: Vec<String> = self.predictions.iter().map(line).chain(error).collect();
        f.write_str(&lines.join("\n"))
    }
}
