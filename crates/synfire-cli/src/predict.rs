//! `synfire predict`: the class of a picture, or of some samples.

use crate::{eval::options, inputs, output::Output, table::Table, words};
use anyhow::bail;
use burn::tensor::{Device, TensorData};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use synfire::checkpoint::Checkpoint;
use synfire::coding::Source;
use synfire::neuron::{OutputKind, registry};
use synfire::train::{highest, inference_seed};
use synfire_data::Batch;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The picture must have the size that the network reads, light strokes on black as in MNIST.

Examples:
  synfire predict best.bpk --image seven.png
  synfire predict best.bpk --index 0
  synfire predict best.bpk --index 0 --data datasets/mnist
  synfire predict best.bpk --index 0 --count 100 --json")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors
    file: PathBuf,
    #[command(flatten)]
    sample: Sample,
    /// How many samples to classify, from --index on
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "image")]
    count: usize,
    /// Folder of an MNIST-style data set for --index; the built-in digits if not given
    #[arg(long, value_name = "DIR", conflicts_with = "image")]
    data: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Sample {
    /// Picture to classify: PNG, PGM, JPEG or BMP
    #[arg(long, value_name = "PICTURE")]
    image: Option<PathBuf>,
    /// Sample of the test data to classify, from 0
    #[arg(long, value_name = "N")]
    index: Option<usize>,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let checkpoint = inputs::checkpoint(&args.file)?;
    let batch = match (&args.sample.image, args.sample.index) {
        (Some(picture), _) => from_picture(picture, &checkpoint)?,
        (None, index) => from_data(args, index.unwrap_or(0), &checkpoint)?,
    };
    let (_, device) = inputs::device(None)?;
    let predictions = predict(&checkpoint, batch, &device)?;
    let score_is = checkpoint.description.model.decoder.unit(!is_graded(&checkpoint));
    output.print(&Predictions { score_is, predictions })
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
            Ok(Batch::without_targets(synfire_data::read_image(picture, height, width)?, shape.as_slice()))
        }
        other => bail!(
            "{}: the network reads samples of {}, which is not a picture; classify a sample of a data set with --index",
            picture.display(),
            words::shape(other)
        ),
    }
}

fn from_data(args: &Args, index: usize, checkpoint: &Checkpoint) -> anyhow::Result<Batch> {
    let data = inputs::data(args.data.as_deref())?;
    inputs::check_fit(&args.file, &checkpoint.description, &data)?;
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
    Ok(data.test.batch(&(index..end).collect::<Vec<_>>())?)
}

fn predict(checkpoint: &Checkpoint, batch: Batch, device: &Device) -> anyhow::Result<Vec<Prediction>> {
    let samples = batch.len();
    let labels = batch.targets.classes()?;
    // as `synfire eval` draws what is random
    let seed = inference_seed(&options(checkpoint));
    let (scores, records) = checkpoint.network(device)?.record(Source::from_batch(&batch, device), seed)?;
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
            Prediction { class, label: labels.get(i).copied(), scores, potentials }
        })
        .collect())
}

fn numbers(data: TensorData) -> anyhow::Result<Vec<f32>> {
    data.try_into_vec().map_err(|error| anyhow::anyhow!("the scores could not be read: {error:?}"))
}

#[derive(Serialize)]
struct Predictions {
    score_is: &'static str,
    predictions: Vec<Prediction>,
}

#[derive(Serialize)]
struct Prediction {
    class: usize,
    /// The right answer, where it is known.
    label: Option<i64>,
    scores: Vec<f32>,
    /// Membrane potentials of the last layer after the last step.
    potentials: Option<Vec<f32>>,
}

impl fmt::Display for Predictions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.predictions.as_slice() {
            let mut table = Table::new(["class", self.score_is, ""]);
            for (class, score) in only.scores.iter().enumerate() {
                let mark = if class == only.class { "<-" } else { "" };
                table.row([class.to_string(), format!("{score}"), mark.to_string()]);
            }
            writeln!(f, "{table}")?;
        }
        let lines: Vec<String> = self
            .predictions
            .iter()
            .map(|one| match one.label {
                Some(label) => format!("class {} (its label is {label})", one.class),
                None => format!("class {}", one.class),
            })
            .collect();
        f.write_str(&lines.join("\n"))
    }
}
