//! `synfire predict`: the class of a picture, or of some samples.

mod values;

use crate::eval::{check_exit, options};
use crate::number::whole;
use crate::output::{Output, note};
use crate::run::Trained;
use crate::{inputs, table::Table, words};
use anyhow::bail;
use burn::tensor::{Device, TensorData};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use synfire::checkpoint::{Checkpoint, SampleRange};
use synfire::coding::Source;
use synfire::network::{EarlyAnswer, Network, softmax};
use synfire::neuron::{OutputKind, registry};
use synfire::train::{highest, inference_seed};
use synfire_data::{Batch, Split, TargetKind, Values};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The picture must have the size that the network reads, light strokes on black as in MNIST.

Examples:
  synfire predict runs/001-plif-digits --image seven.png
  synfire predict runs/002-lif-speech --sample recording.wav
  synfire predict best.bpk --index 0
  synfire predict best.bpk --index 0 --data datasets/mnist
  synfire predict best.bpk --index 0 --count 100 --json")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder
    file: PathBuf,
    #[command(flatten)]
    sample: Sample,
    /// How many samples to classify, from --index on
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<usize>, allow_negative_numbers = true, conflicts_with_all = ["image", "sample"])]
    count: usize,
    /// Data set for --index, as `synfire train` takes it; if not given that of the run folder, or the built-in digits
    #[arg(long, value_name = "PATH", conflicts_with_all = ["image", "sample"])]
    data: Option<PathBuf>,
    /// Answer each sample at the first step at which a class has this probability, above 0, at most 1
    #[arg(long, value_name = "PROBABILITY")]
    exit: Option<f32>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Sample {
    /// Picture to classify: PNG, PGM, JPEG or BMP
    #[arg(long, value_name = "PICTURE")]
    image: Option<PathBuf>,
    /// File with a sample as those of the training: events, sound, a picture, an array
    #[arg(long, value_name = "FILE")]
    sample: Option<PathBuf>,
    /// Sample of the test data to classify, from 0
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    index: Option<usize>,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    args.exit.map_or(Ok(()), check_exit)?;
    let trained = Trained::read(&args.file)?;
    let checkpoint = &trained.checkpoint;
    let (_, device) = inputs::device(None)?;
    let network = checkpoint.network(&device)?;
    let seed = inference_seed(&options(checkpoint));
    let predict = |batch: &Batch| match args.exit {
        Some(confidence) => predict_early(&network, batch, confidence, seed, &device),
        None => predict(&network, batch, seed, &device),
    };
    let given = &args.sample;
    let mut predictions = match (&given.image, &given.sample, given.index) {
        (Some(picture), ..) => predict(&from_picture(picture, checkpoint)?)?,
        (_, Some(file), _) => predict(&from_file(file, checkpoint)?)?,
        (None, None, index) => {
            let (split, indices) = from_data(args, index.unwrap_or(0), &trained)?;
            if let TargetKind::Vector { .. } = split.target_kind() {
                if args.exit.is_some() {
                    bail!(
                        "--exit waits for the probability of a class, and the targets of this data are values; leave it out"
                    );
                }
                return output.print(&values::of(&network, &split, &indices, seed, &device)?);
            }
            let mut all = Vec::with_capacity(indices.len());
            for indices in indices.chunks(BATCH) {
                all.extend(predict(&split.batch(indices)?)?);
            }
            all
        }
    };
    let names = &checkpoint.description.data.classes;
    for prediction in &mut predictions {
        prediction.name = names.as_ref().and_then(|names| names.get(prediction.class)).cloned();
        let label = prediction.label.and_then(|label| usize::try_from(label).ok());
        prediction.label_name = label.zip(names.as_ref()).and_then(|(label, names)| names.get(label)).cloned();
    }
    let score_is = checkpoint.description.model.decoder.unit(!is_graded(checkpoint));
    output.print(&Predictions { score_is, accuracy: accuracy(&predictions), predictions })
}

/// Samples that are classified at once: memory does not grow with their number.
const BATCH: usize = 128;

/// Share of the predictions that are right, where all labels are known.
fn accuracy(predictions: &[Prediction]) -> Option<f64> {
    let right = |one: &Prediction| one.label.map(|label| usize::from(usize::try_from(label) == Ok(one.class)));
    let right: usize = predictions.iter().map(right).sum::<Option<usize>>()?;
    Some(right as f64 / predictions.len().max(1) as f64)
}

/// Whether the last layer of neurons has no spikes.
fn is_graded(checkpoint: &Checkpoint) -> bool {
    let model = checkpoint.description.model.layers.iter().rev().find_map(|layer| layer.kind.model());
    let output = model.and_then(|model| registry::find(model).ok()).map(|entry| entry.info.output);
    output == Some(OutputKind::Graded)
}

fn from_picture(picture: &Path, checkpoint: &Checkpoint) -> anyhow::Result<Batch> {
    let shape = &checkpoint.description.input;
    match shape.as_slice() {
        &[height, width] | &[1, height, width] => {
            let pixels = synfire_data::read_image(picture, height, width)?;
            if looks_inverted(&pixels, height, width) {
                note!(
                    "hint: the border of {} is bright, as of dark strokes on white; MNIST-like networks read light strokes on \
                     black: invert the picture if its class is wrong",
                    picture.display()
                );
            }
            Ok(Batch::without_targets(as_trained(pixels, checkpoint), shape.as_slice()))
        }
        other => bail!(
            "{}: the network reads samples of {}, which is not a picture; classify a sample of a data set with --index",
            picture.display(),
            words::shape(other)
        ),
    }
}

/// The sample in a file, read as those that the network learned from.
fn from_file(file: &Path, checkpoint: &Checkpoint) -> anyhow::Result<Batch> {
    let batch = Batch::from_file(file, &checkpoint.description.data)?;
    let expected = &checkpoint.description.input;
    if batch.shape != *expected {
        let [found, expected] = [&batch.shape, expected].map(|shape| words::shape(shape));
        bail!(
            "{}: is a sample of {found}, the network reads {expected}; give one like those it learned from",
            file.display()
        );
    }
    Ok(batch)
}

/// The pixels as the samples were that the network learned from.
fn as_trained(pixels: Vec<u8>, checkpoint: &Checkpoint) -> Values {
    match checkpoint.description.samples.filter(|samples| !samples.takes_bytes()) {
        Some(samples) => {
            let SampleRange { low, high, .. } = samples;
            note!("the network learned from values of {low} to {high}: black is read as {low}, white as {high}");
            samples.read(pixels)
        }
        None => Values::Bytes(pixels),
    }
}

/// Whether most of a picture's border is brighter than half, and its middle is not.
fn looks_inverted(pixels: &[u8], height: usize, width: usize) -> bool {
    let is_border = |i: usize| {
        let (row, column) = (i / width.max(1), i % width.max(1));
        row == 0 || column == 0 || row + 1 == height || column + 1 == width
    };
    let border: Vec<u8> = pixels.iter().enumerate().filter(|(i, _)| is_border(*i)).map(|(_, &pixel)| pixel).collect();
    let bright = border.iter().filter(|&&pixel| pixel > 127).count();
    2 * bright > border.len() && pixels.iter().any(|&pixel| pixel < 128)
}

fn from_data(args: &Args, index: usize, trained: &Trained) -> anyhow::Result<(Split, Vec<usize>)> {
    let data = trained.data(args.data.as_deref())?;
    let samples = data.test.len();
    let end = index.saturating_add(args.count);
    if args.count == 0 || end > samples {
        bail!(
            "--index {index} --count {}: the test data `{}` have {samples} samples; expected some of 0 to {}",
            args.count,
            data.name,
            samples - 1
        );
    }
    Ok((data.test, (index..end).collect()))
}

/// Classifies a batch; what is random is drawn from `seed`, as `synfire eval` does.
fn predict(network: &Network, batch: &Batch, seed: u64, device: &Device) -> anyhow::Result<Vec<Prediction>> {
    let samples = batch.len();
    let labels = batch.targets.classes()?;
    let (scores, records) = network.record(Source::from_batch(batch, device), seed)?;
    let classes = scores.dims()[1];
    // of the last layer, after the last step
    let potentials = records.last().and_then(|record| record.potential.clone()).map(|trace| {
        let steps = trace.dims()[0];
        trace.slice([steps - 1..steps, 0..samples, 0..classes])
    });
    let scores = numbers(scores.into_data())?;
    let potentials = potentials.map(|last| numbers(last.into_data())).transpose()?;
    let row = |values: &[f32], i: usize| values[i * classes..(i + 1) * classes].to_vec();
    Ok((0..samples)
        .map(|i| {
            let scores = row(&scores, i);
            let class = highest(&scores).unwrap_or(0);
            let potentials = potentials.as_ref().map(|values| row(values, i));
            let (probabilities, name, label_name) = (softmax(&scores), None, None);
            let label = labels.get(i).copied();
            Prediction { class, name, label, label_name, probabilities, scores, potentials, steps: None }
        })
        .collect())
}

/// As [`predict`], each sample at the first step at which a class has this probability.
fn predict_early(
    network: &Network,
    batch: &Batch,
    confidence: f32,
    seed: u64,
    device: &Device,
) -> anyhow::Result<Vec<Prediction>> {
    let labels = batch.targets.classes()?;
    let answers = network.answer_early(Source::from_batch(batch, device), confidence, seed)?;
    let predictions = answers.into_iter().enumerate().map(|(i, EarlyAnswer { scores, steps })| Prediction {
        class: highest(&scores).unwrap_or(0),
        name: None,
        label: labels.get(i).copied(),
        label_name: None,
        probabilities: softmax(&scores),
        scores,
        potentials: None,
        steps: Some(steps),
    });
    Ok(predictions.collect())
}

fn numbers(data: TensorData) -> anyhow::Result<Vec<f32>> {
    let data = data.convert::<f32>();
    data.try_into_vec().map_err(|error| anyhow::anyhow!("the scores could not be read: {error:?}"))
}

#[derive(Serialize)]
struct Predictions {
    score_is: &'static str,
    /// Share that is right, where the labels are known.
    accuracy: Option<f64>,
    predictions: Vec<Prediction>,
}

#[derive(Serialize)]
struct Prediction {
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

impl fmt::Display for Predictions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.predictions.as_slice() {
            let mut table = Table::new(["class", self.score_is, "probability", ""]);
            for (class, (score, probability)) in only.scores.iter().zip(&only.probabilities).enumerate() {
                let mark = if class == only.class { "<-" } else { "" };
                table.row([class.to_string(), format!("{score}"), format!("{probability:.4}"), mark.to_string()]);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_strokes_on_white_look_inverted() {
        let light_on_black = [0, 0, 0, 0, 255, 0, 0, 0, 0];
        let inverted = light_on_black.map(|pixel: u8| 255 - pixel);
        assert!(looks_inverted(&inverted, 3, 3) && !looks_inverted(&light_on_black, 3, 3));
        assert!(!looks_inverted(&[255; 9], 3, 3), "nothing is drawn on it");
    }
}
