//! `synfire eval`: how good a trained network is.

use crate::run::Trained;
use crate::{inputs, output::Output};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use synfire::checkpoint::Checkpoint;
use synfire::train::{Evaluation, TrainingConfig, evaluate};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synfire eval runs/001-plif-digits
  synfire eval runs/001-plif-digits/checkpoints/last.bpk
  synfire eval network.safetensors --data datasets/mnist --json")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder
    file: PathBuf,
    /// Data set, as `synfire train` takes it; if not given that of the run folder, or the built-in digits
    #[arg(long, value_name = "PATH")]
    data: Option<PathBuf>,
    /// Device, as `synfire devices` lists them
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let trained = Trained::read(&args.file)?;
    let (_, device) = inputs::device(args.device.as_deref())?;
    let (data, checkpoint) = (trained.data(args.data.as_deref())?, &trained.checkpoint);
    let network = checkpoint.network(&device)?;
    let all: Vec<usize> = (0..data.test.len()).collect();
    output.print(&Shown(evaluate(&network, &data.test, &all, &options(checkpoint), &device)?))
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
