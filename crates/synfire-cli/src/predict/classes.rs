//! Predictions of classes.

use super::{Batches, Inference, Recorder, floats};
use crate::table::Table;
use serde::Serialize;
use std::fmt;
use synfire::checkpoint::{Checkpoint, Description};
use synfire::coding::Source;
use synfire::network::{EarlyAnswer, softmax};
use synfire::neuron::{OutputKind, registry};
use synfire::train::highest;
use synfire_data::Batch;

/// Classifies one batch after the other; with `exit` each sample at the first step at which a class has this probability.
pub(super) fn of(
    inference: &Inference<'_>,
    batches: Batches,
    exit: Option<f32>,
    checkpoint: &Checkpoint,
    recorder: &mut Recorder<'_>,
) -> anyhow::Result<Predictions> {
    let mut predictions = vec![];
    for batch in batches {
        let batch = batch?;
        predictions.extend(match exit {
            Some(confidence) => classify_early(inference, &batch, confidence)?,
            None => classify(inference, &batch, recorder)?,
        });
    }
    Ok(Predictions::new(predictions, &checkpoint.description))
}

/// Predictions of scores, with the labels of a batch where it has some.
pub(super) fn with_labels(scores: Vec<Vec<f32>>, batch: &Batch) -> anyhow::Result<Vec<Prediction>> {
    let labels = batch.targets.classes()?;
    let of = |(i, scores)| Prediction::new(scores, labels.get(i).copied());
    Ok(scores.into_iter().enumerate().map(of).collect())
}

/// The classes that a network gives for some samples.
#[derive(Serialize)]
pub(super) struct Predictions {
    score_is: &'static str,
    /// Share that is right, where the labels are known.
    accuracy: Option<f64>,
    /// Names of the classes, where they have some.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    names: Vec<String>,
    predictions: Vec<Prediction>,
}

impl Predictions {
    /// Predictions of a network of this description.
    pub(super) fn new(mut predictions: Vec<Prediction>, network: &Description) -> Self {
        let names = network.data.classes.clone().unwrap_or_default();
        if !names.is_empty() {
            predictions.iter_mut().for_each(|prediction| prediction.take_names(&names));
        }
        let score_is = network.model.decoder.unit(!is_graded(network));
        Predictions { score_is, accuracy: accuracy(&predictions), names, predictions }
    }
}

/// The class of a sample.
#[derive(Serialize)]
pub(super) struct Prediction {
    class: usize,
    /// Name of the class, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The right answer, where it is known.
    label: Option<i64>,
    /// Name of the right answer, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    label_name: Option<String>,
    scores: Vec<f32>,
    /// Softmax of the scores.
    probabilities: Vec<f32>,
    /// Membrane potentials of the last layer after the last step.
    potentials: Option<Vec<f32>>,
    /// Steps until the answer, with `--exit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<usize>,
}

impl Prediction {
    /// The class with the highest score.
    fn new(scores: Vec<f32>, label: Option<i64>) -> Self {
        let (class, probabilities) = (highest(&scores).unwrap_or(0), softmax(&scores));
        let (name, label_name, potentials, steps) = (None, None, None, None);
        Prediction { class, name, label, label_name, scores, probabilities, potentials, steps }
    }

    /// Names its class and its label.
    fn take_names(&mut self, names: &[String]) {
        self.name = names.get(self.class).cloned();
        let label = self.label.and_then(|label| usize::try_from(label).ok());
        self.label_name = label.and_then(|label| names.get(label)).cloned();
    }
}

impl fmt::Display for Predictions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.predictions.as_slice() {
            let mut table = Table::new(["class", self.score_is, "probability", ""]);
            for (class, (score, probability)) in only.scores.iter().zip(&only.probabilities).enumerate() {
                let mark = if class == only.class { "<-" } else { "" };
                let name = self.names.get(class).cloned().unwrap_or_else(|| class.to_string());
                table.row([name, format!("{score}"), format!("{probability:.4}"), mark.to_string()]);
            }
            writeln!(f, "{table}")?;
        }
        let lines: Vec<String> = self
            .predictions
            .iter()
            .map(|one| {
                let class = one.name.clone().unwrap_or_else(|| one.class.to_string());
                let steps = one.steps.map_or_else(String::new, |steps| format!(" after {steps} steps"));
                let label = one.label_name.clone().or(one.label.map(|label| label.to_string()));
                match label {
                    Some(label) => format!("class {class}{steps} (its label is {label})"),
                    None => format!("class {class}{steps}"),
                }
            })
            .collect();
        f.write_str(&lines.join("\n"))?;
        match (self.accuracy, self.predictions.len()) {
            (Some(accuracy), count @ 2..) => write!(f, "\naccuracy {:.2} % of {count} samples", 100.0 * accuracy),
            _ => Ok(()),
        }
    }
}

/// Classifies a batch after all steps.
fn classify(inference: &Inference<'_>, batch: &Batch, recorder: &mut Recorder<'_>) -> anyhow::Result<Vec<Prediction>> {
    let &Inference { network, seed, device } = inference;
    let samples = batch.len();
    let labels = batch.targets.classes()?;
    let (scores, records) = network.record(Source::from_batch(batch, device), seed)?;
    recorder.add(&records)?;
    let classes = scores.dims()[1];
    // of the last layer, after the last step
    let potentials = records.last().and_then(|record| record.potential.clone()).map(|trace| {
        let steps = trace.dims()[0];
        trace.slice([steps - 1..steps, 0..samples, 0..classes])
    });
    let scores = floats(scores.into_data())?;
    let potentials = potentials.map(|last| floats(last.into_data())).transpose()?;
    let row = |values: &[f32], i: usize| values[i * classes..(i + 1) * classes].to_vec();
    Ok((0..samples)
        .map(|i| Prediction {
            potentials: potentials.as_ref().map(|values| row(values, i)),
            ..Prediction::new(row(&scores, i), labels.get(i).copied())
        })
        .collect())
}

/// Classifies each sample at the first step at which a class has this probability.
fn classify_early(inference: &Inference<'_>, batch: &Batch, confidence: f32) -> anyhow::Result<Vec<Prediction>> {
    let &Inference { network, seed, device } = inference;
    let labels = batch.targets.classes()?;
    let answers = network.answer_early(Source::from_batch(batch, device), confidence, seed)?;
    let predictions = answers.into_iter().enumerate().map(|(i, EarlyAnswer { scores, steps })| Prediction {
        steps: Some(steps),
        ..Prediction::new(scores, labels.get(i).copied())
    });
    Ok(predictions.collect())
}

/// Share of the predictions that are right, where all labels are known.
fn accuracy(predictions: &[Prediction]) -> Option<f64> {
    let right = |one: &Prediction| one.label.map(|label| usize::from(usize::try_from(label) == Ok(one.class)));
    let right: usize = predictions.iter().map(right).sum::<Option<usize>>()?;
    Some(right as f64 / predictions.len().max(1) as f64)
}

/// Whether the last layer of neurons has no spikes.
fn is_graded(network: &Description) -> bool {
    let model = network.model.layers.iter().rev().find_map(|layer| layer.kind.model());
    let output = model.and_then(|model| registry::find(model).ok()).map(|entry| entry.info.output);
    output == Some(OutputKind::Graded)
}
