//! `synfire bench`: time of a training step, of a scan against tensor operations, or of one layer.

mod clock;
mod csnn;
mod layer;
mod nets;
mod npz;
mod scan;
mod step;

use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;
use synfire::train::ShardCount;

/// Measure speed and memory.
///
/// Prints one line of JSON. Quote ratios of one run, not single times: machines drift.
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// Measurement to take
    #[arg(value_enum, default_value_t = What::Step)]
    what: What,
    /// The network: `mlp`, 784-512-10, `conv`, 12C5-MP2-32C5-MP2-10, `rec`, 28-256-10 with a recurrent layer that
    /// reads pictures row by row, or `csnn`, that of examples/mnist_plif_csnn.toml
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
    /// Time steps, 25 if not given; of `rec` 112, a multiple of the 28 rows, of `csnn` 8
    #[arg(long = "T")]
    time_steps: Option<usize>,
    /// Samples per step, 128 if not given; of `csnn` 16
    #[arg(long)]
    batch: Option<usize>,
    /// Shards of a batch, a power of two or `ranks`, whose gradients are added in a tree, by all ranks where `mpirun` started
    /// several; 8 there if not given, else 1
    #[arg(long)]
    shards: Option<ShardCount>,
    /// Time inference alone: nothing is trained, and the steps are those of inference
    #[arg(long)]
    infer: bool,
    /// Steps that are timed
    #[arg(long, default_value_t = 30)]
    steps: usize,
    /// Steps before them
    #[arg(long, default_value_t = 5)]
    warmup: usize,
    /// `lif` if not given, or `plif` for LIF whose time constants learn; those of `csnn` are PLIF
    #[arg(long, value_enum)]
    neuron: Option<NeuronKind>,
    /// Encoder
    #[arg(long, value_enum, default_value_t = EncoderKind::Const)]
    enc: EncoderKind,
    /// f32, or f16 or bf16 between the layers where the device has it
    #[arg(long, value_name = "NAME", default_value = "f32")]
    precision: String,
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
    /// Forward and backward of one linear map and one layer of LIF neurons, both of --hidden
    Layer,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Net {
    Mlp,
    Conv,
    Rec,
    Csnn,
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
        self.time_steps.unwrap_or(match self.net {
            Net::Mlp | Net::Conv => 25,
            Net::Rec => 4 * ROWS,
            Net::Csnn => 8,
        })
    }

    fn batch(&self) -> usize {
        self.batch.unwrap_or(if self.net == Net::Csnn { 16 } else { 128 })
    }

    fn neuron(&self) -> NeuronKind {
        self.neuron.unwrap_or(if self.net == Net::Csnn { NeuronKind::Plif } else { NeuronKind::Lif })
    }
}

/// Rows of a picture, which `rec` reads one after the other.
const ROWS: usize = 28;

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    anyhow::ensure!(args.steps > 0, "--steps is 0; expected at least 1");
    anyhow::ensure!(args.batch() > 0, "--batch is 0; expected at least 1");
    anyhow::ensure!(args.time_steps() > 0, "--T is 0; expected at least 1 time step");
    let has_hidden = matches!(args.net, Net::Mlp | Net::Rec);
    anyhow::ensure!(
        has_hidden || args.hidden.is_none(),
        "--hidden with --net conv or csnn, whose widths are fixed; leave it out, or take --net mlp or rec"
    );
    anyhow::ensure!(
        args.net != Net::Csnn || args.neuron() == NeuronKind::Plif,
        "--neuron lif with --net csnn, whose neurons are PLIF; leave out --neuron"
    );
    if args.net == Net::Rec {
        let steps = args.time_steps();
        anyhow::ensure!(
            steps.is_multiple_of(ROWS),
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
        What::Layer => layer::run(args),
    }
}
