//! `synfire eval`: how good a trained network is.

use crate::int8::Integers;
use crate::run::Trained;
use crate::{inputs, output::Output};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use synfire::checkpoint::Checkpoint;
use synfire::train::{EarlyExit, Evaluation, TrainingConfig, evaluate, evaluate_early_exit};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synfire eval runs/001-plif-digits
  synfire eval runs/001-plif-digits/checkpoints/last.bpk
  synfire eval network.safetensors --data datasets/mnist --json
  synfire eval runs/001-plif-digits --exit 0.95
  synfire eval network.int8 --data datasets/mnist")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder; or a network in integers, .int8
    file: PathBuf,
    /// Data set, as `synfire train` takes it; if not given that of the run folder, or the built-in digits
    #[arg(long, value_name = "PATH")]
    data: Option<PathBuf>,
    /// Device, as `synfire devices` lists them
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
    /// Answer each sample at the first step at which a class has this probability, the softmax of the scores so far: above
    /// 0, at most 1
    #[arg(long, value_name = "PROBABILITY")]
    exit: Option<f32>,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    args.exit.map_or(Ok(()), check_exit)?;
    if let Some(integers) = Integers::read(&args.file)? {
        return of_integers(&integers, args, output);
    }
    let trained = Trained::read(&args.file)?;
    let (_, device) = inputs::device(args.device.as_deref())?;
    let (data, checkpoint) = (trained.data(args.data.as_deref())?, &trained.checkpoint);
    let network = checkpoint.network(&device)?;
    let all: Vec<usize> = (0..data.test.len()).collect();
    if let Some(confidence) = args.exit {
        let options = options(checkpoint);
        return output.print(&Early(evaluate_early_exit(&network, &data.test, &all, confidence, &options, &device)?));
    }
    output.print(&Shown(evaluate(&network, &data.test, &all, &options(checkpoint), &device)?))
}

/// Measures a network in integers.
fn of_integers(integers: &Integers, args: &Args, output: Output) -> anyhow::Result<()> {
    integers.refuse(&[("exit", args.exit.is_some())])?;
    let (_, device) = inputs::device(args.device.as_deref())?;
    let data = integers.data(args.data.as_deref())?;
    let all: Vec<usize> = (0..data.test.len()).collect();
    let accuracy = integers.inference.accuracy(&data.test, &all, integers.seed(), &device)?;
    output.print(&OfIntegers { samples: all.len(), accuracy })
}

/// Refuses a value of `--exit` that is no probability to wait for.
pub(crate) fn check_exit(confidence: f32) -> anyhow::Result<()> {
    anyhow::ensure!(
        confidence > 0.0 && confidence <= 1.0,
        "--exit is {confidence}; expected a probability above 0, at most 1, for example 0.95"
    );
    Ok(())
}

/// The options it was trained with, as far as the file knows them: loss and seed.
pub(crate) fn options(checkpoint: &Checkpoint) -> TrainingConfig {
    checkpoint.training_state().map_or_else(|_| TrainingConfig::default(), |state| state.options.clone())
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Evaluation);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evaluation { samples, loss, accuracy, firing_rates, .. } = &self.0;
        writeln!(f, "samples   {samples}")?;
        for (layer, rate) in firing_rates {
            writeln!(f, "firing    {layer}  {rate:.4} spikes per neuron and step")?;
        }
        writeln!(f, "loss      {loss:.4}")?;
        match accuracy.is_nan() {
            true => Ok(()), // of target vectors
            false => writeln!(f, "accuracy  {:.2} %", accuracy * 100.0),
        }
    }
}

#[derive(Serialize)]
struct OfIntegers {
    samples: usize,
    accuracy: f64,
}

impl fmt::Display for OfIntegers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "samples   {}", self.samples)?;
        writeln!(f, "accuracy  {:.2} %", self.accuracy * 100.0)
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Early(EarlyExit);

impl fmt::Display for Early {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EarlyExit { samples, accuracy, mean_steps, steps, confidence, .. } = &self.0;
        writeln!(f, "samples   {samples}")?;
        writeln!(f, "exit      at a probability of {confidence}")?;
        writeln!(f, "steps     {mean_steps:.2} of {steps}, mean")?;
        writeln!(f, "accuracy  {:.2} %", accuracy * 100.0)
    }
}
