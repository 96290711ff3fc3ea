//! Predictions of target vectors: regression.

use burn::tensor::Device;
use serde::Serialize;
use std::fmt;
use synfire::coding::Source;
use synfire::network::Network;
use synfire_data::{Split, Target};

/// The vectors that a network gives for some samples.
#[derive(Serialize)]
pub(super) struct Predictions {
    /// Mean over samples and elements of the squared error.
    squared_error: f64,
    predictions: Vec<Prediction>,
}

#[derive(Serialize)]
struct Prediction {
    values: Vec<f32>,
    target: Vec<f32>,
}

/// Predicts samples one batch after the other; what is random is drawn from `seed`, as `synfire eval` does.
pub(super) fn of(
    network: &Network,
    split: &Split,
    indices: &[usize],
    seed: u64,
    device: &Device,
) -> anyhow::Result<Predictions> {
    let mut predictions = Vec::with_capacity(indices.len());
    for indices in indices.chunks(super::BATCH) {
        let batch = split.batch(indices)?;
        let scores = network.forward(Source::from_batch(&batch, device), seed)?;
        let len = scores.dims()[1];
        for (i, values) in super::numbers(scores.into_data())?.chunks(len).enumerate() {
            let Some(Target::Vector(target)) = batch.targets.get(i) else { continue };
            predictions.push(Prediction { values: values.to_vec(), target });
        }
    }
    let error = |one: &Prediction| {
        let squares = one.values.iter().zip(&one.target).map(|(value, target)| f64::from(value - target).powi(2));
        squares.sum::<f64>() / one.target.len().max(1) as f64
    };
    let squared_error = predictions.iter().map(error).sum::<f64>() / predictions.len().max(1) as f64;
    Ok(Predictions { squared_error, predictions })
}

impl fmt::Display for Predictions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Prediction { values, target } in &self.predictions {
            writeln!(f, "{values:?} (its target is {target:?})")?;
        }
        write!(f, "mean squared error {:.6}", self.squared_error)
    }
}
