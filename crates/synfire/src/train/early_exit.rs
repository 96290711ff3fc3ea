//! Measuring a network that answers as soon as it is sure.

use super::evaluate::EVALUATION_BATCH;
use super::{TrainingConfig, highest, inference_seed};
use crate::Error;
use crate::coding::Source;
use crate::network::{EarlyAnswer, Network};
use burn::tensor::Device;
use serde::Serialize;
use synfire_data::Split;

/// Accuracy and steps of a network that [answers early](Network::answer_early).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EarlyExit {
    /// Probability from which an answer was given.
    pub confidence: f32,
    /// Samples.
    pub samples: usize,
    /// Share of them that were right, in [0, 1].
    pub accuracy: f64,
    /// Steps until the answer, mean over the samples.
    pub mean_steps: f64,
    /// Steps of the network.
    pub steps: usize,
    /// Samples by the step of their answer, from step 1 on.
    pub answered_at: Vec<usize>,
}

/// Measures a network on these samples of a split, whose targets are classes. Each is answered at the first step at which
/// the probability of a class is at least `confidence`, or at the last.
///
/// # Errors
///
/// If the network cannot take the samples, or targets are no classes; [`Error::Config`] if `confidence` is not in (0, 1].
pub fn evaluate_early_exit(
    network: &Network,
    split: &Split,
    indices: &[usize],
    confidence: f32,
    options: &TrainingConfig,
    device: &Device,
) -> Result<EarlyExit, Error> {
    if !(confidence > 0.0 && confidence <= 1.0) {
        return Err(Error::config("exit", format!("is {confidence}; expected a probability above 0, at most 1")));
    }
    let steps = network.config().steps;
    let (mut correct, mut taken, mut answered_at) = (0, 0, vec![0; steps]);
    for indices in indices.chunks(split.at_once(EVALUATION_BATCH)) {
        let batch = split.batch(indices)?;
        let classes = batch.targets.classes()?;
        let answers = network.answer_early(Source::from_batch(&batch, device), confidence, inference_seed(options))?;
        for (EarlyAnswer { scores, steps }, &class) in answers.iter().zip(classes) {
            correct += usize::from(highest(scores).map(|answer| answer as i64) == Some(class));
            taken += steps;
            answered_at[steps - 1] += 1;
        }
    }
    let samples = indices.len();
    let mean = |sum: usize| sum as f64 / samples.max(1) as f64;
    Ok(EarlyExit { confidence, samples, accuracy: mean(correct), mean_steps: mean(taken), steps, answered_at })
}
