//! `synfire bench`: time of a training step, or of a scan against tensor operations.

mod clock;
mod nets;
mod npz;
mod scan;
mod step;

use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

/// Measure speed and memory.
///
/// Prints one line of JSON. Quote ratios of one run, not single times: machines drift.
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// Measurement to take
    #[arg(value_enum, default_value_t = What::Step)]
    what: What,
    /// The network: `mlp`, 784-512-10, `conv`, 12C5-MP2-32C5-MP2-10, or `rec`, 28-256-10 with a recurrent layer that
    /// reads pictures row by row
    #[arg(long, value_enum, default_value_t = Net::Mlp)]
    net: Net,
    /// MNIST-style folder; the embedded digits if not given
    #[arg(long)]
    data: Option<PathBuf>,
    /// Initial weights and order of the samples, .npz (see examples/parity_weights.py)
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Hidden neurons of `mlp` (512 if not given) or `rec` (256)
    #[arg(long)]
    hidden: Option<usize>,
    /// Time steps, 25 if not given; of `rec` 112, a multiple of the 28 rows
    #[arg(long = "T")]
    time_steps: Option<usize>,
    /// Samples per step
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// Steps that are timed
    #[arg(long, default_value_t = 30)]
    steps: usize,
    /// Steps before them
    #[arg(long, default_value_t = 5)]
    warmup: usize,
    /// `lif`, or `plif` for LIF whose time constants learn
    #[arg(long, value_enum, default_value_t = NeuronKind::Lif)]
    neuron: NeuronKind,
    /// Encoder
    #[arg(long, value_enum, default_value_t = EncoderKind::Const)]
    enc: EncoderKind,
    /// Device, see `synfire devices`
    #[arg(long)]
    device: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A training step of a network
    Step,
    /// Forward and backward of the neurons alone, fused and by tensor operations
    Scan,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Net {
    Mlp,
    Conv,
    Rec,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum NeuronKind {
    Lif,
    Plif,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum EncoderKind {
    Const,
    Poisson,
}

impl Args {
    fn hidden(&self) -> usize {
        self.hidden.unwrap_or(if self.net == Net::Rec { 256 } else { 512 })
    }

    fn time_steps(&self) -> usize {
        self.time_steps.unwrap_or(if self.net == Net::Rec { 4 * ROWS } else { 25 })
    }
}

/// Rows of a picture, which `rec` reads one after the other.
const ROWS: usize = 28;

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    anyhow::ensure!(args.steps > 0, "--steps is 0; expected at least 1");
    if args.net == Net::Rec {
        let steps = args.time_steps();
        anyhow::ensure!(
            steps > 0 && steps.is_multiple_of(ROWS),
            "--T {steps} with --net rec; expected a multiple of the {ROWS} rows of a picture"
        );
        anyhow::ensure!(
            args.enc == EncoderKind::Const,
            "--enc poisson with --net rec, which reads the rows of pictures; leave out --enc"
        );
    }
    match args.what {
        What::Step => step::run(args),
        What::Scan => scan::run(args),
    }
}
