//! `synfire predict`: the class of a picture, or of some samples.

mod classes;
mod integers;
mod record;
mod sample;
mod values;

use crate::eval::{check_exit, options};
use crate::inputs;
use crate::int8::Integers;
use crate::number::whole;
use crate::output::Output;
use crate::run::Trained;
use anyhow::bail;
use burn::tensor::{Device, TensorData};
use record::Recorder;
use std::ops::Range;
use std::path::PathBuf;
use synfire::checkpoint::{Description, TaskKind};
use synfire::network::Network;
use synfire::train::inference_seed;
use synfire_data::{Batch, Dataset, Split};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The picture must have the size that the network reads, light strokes on black as in MNIST.

Examples:
  synfire predict runs/001-plif-digits --image seven.png
  synfire predict runs/002-lif-speech --sample recording.wav
  synfire predict best.bpk --index 0
  synfire predict best.bpk --index 0 --data datasets/mnist
  synfire predict best.bpk --index 0 --count 100 --json
  synfire predict best.bpk --index 0 --count 10 --record activity.npz")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder; or a network in integers, .int8
    file: PathBuf,
    #[command(flatten)]
    sample: Sample,
    /// Number of samples to classify, from --index on
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<usize>, allow_negative_numbers = true, conflicts_with_all = ["image", "sample"])]
    count: usize,
    /// Data set for --index, as `synfire train` takes it; if not given that of the run folder, or the built-in digits
    #[arg(long, value_name = "PATH", conflicts_with_all = ["image", "sample"])]
    data: Option<PathBuf>,
    /// Answer each sample at the first step at which a class has this probability, above 0, at most 1
    #[arg(long, value_name = "PROBABILITY", conflicts_with = "record")]
    exit: Option<f32>,
    /// File to write spikes and membrane potentials of every layer of neurons to, `[samples, steps, neurons]`: .npz, or .nir as
    /// NIRGraphData; replaces one that is there
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
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
    if let Some(integers) = Integers::read(&args.file)? {
        return integers::run(&integers, args, output);
    }
    let trained = Trained::read(&args.file)?;
    let checkpoint = &trained.checkpoint;
    let (_, device) = inputs::device(None)?;
    let network = checkpoint.network(&device)?;
    let mut recorder = Recorder::new(args.record.as_deref())?;
    let batches = batches(args, &checkpoint.description, || trained.data(args.data.as_deref()))?;
    let inference = Inference { network: &network, seed: inference_seed(&options(checkpoint)), device: &device };
    match (checkpoint.description.task, args.exit) {
        (Some(TaskKind::Regression), Some(_)) => {
            bail!("--exit waits for the probability of a class, and this network gives values; leave it out")
        }
        (Some(TaskKind::Regression), None) => {
            let predictions = values::of(&inference, batches, &mut recorder)?;
            recorder.finish(network.config().dt)?;
            output.print(&predictions)
        }
        (_, exit) => {
            let predictions = classes::of(&inference, batches, exit, checkpoint, &mut recorder)?;
            recorder.finish(network.config().dt)?;
            output.print(&predictions)
        }
    }
}

/// A network at work: the seed is that of `synfire eval`, for what is random in it.
struct Inference<'a> {
    network: &'a Network,
    seed: u64,
    device: &'a Device,
}

/// Batches of samples, read one at a time.
type Batches = Box<dyn Iterator<Item = anyhow::Result<Batch>>>;

/// Samples of a batch at most: memory does not grow with their number.
const BATCH: usize = 128;

/// The samples that were asked for.
fn batches(
    args: &Args,
    network: &Description,
    data: impl FnOnce() -> anyhow::Result<Dataset>,
) -> anyhow::Result<Batches> {
    let Sample { image, sample, index } = &args.sample;
    if let Some(picture) = image {
        return Ok(Box::new(std::iter::once(sample::from_picture(picture, network))));
    }
    if let Some(file) = sample {
        return Ok(Box::new(std::iter::once(sample::from_file(file, network))));
    }
    let (split, indices) = from_data(args, index.unwrap_or(0), data()?)?;
    let size = split.at_once(BATCH);
    let starts = indices.clone().step_by(size);
    Ok(Box::new(starts.map(move |start| {
        let batch: Vec<usize> = (start..indices.end.min(start + size)).collect();
        Ok(split.batch(&batch)?)
    })))
}

/// The test data and the indices in it.
fn from_data(args: &Args, index: usize, data: Dataset) -> anyhow::Result<(Split, Range<usize>)> {
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
    Ok((data.test, index..end))
}

/// Values of a tensor on the host, in single precision.
fn floats(data: TensorData) -> anyhow::Result<Vec<f32>> {
    let data = data.convert::<f32>();
    data.try_into_vec().map_err(|error| anyhow::anyhow!("the scores could not be read: {error:?}"))
}
