//! `synfire nir import`: a network of another framework.

use super::report::Written;
use crate::export::{check_target, checkpoint_format};
use crate::number::whole;
use crate::output::Output;
use std::path::{Path, PathBuf};
use synfire::neuron::{Reset, SynapticCurrent};
use synfire::nir::{ImportOptions, Integration, import, read};
use synfire_data::{DataOptions, EventOptions, Frames, Origin};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Files of NIR hold neither a time step nor the kind of reset of spikes that subtract the threshold: --dt and --reset say them.
snnTorch's files are for --dt 1e-4, whatever step the network was trained with.

Examples:
  synfire nir import net.nir --dt 1e-4 --reset subtract --out net.bpk
  synfire nir import cnn_sinabs.nir --dt 1e-3 --reset zero --steps 300 --out cnn.bpk
  synfire eval cnn.bpk --data nmnist
  synfire nir import net.nir --dt 1e-4 --reset zero --input 28,28 --encoder constant --steps 25 --learn tau_m --out net.bpk
  synfire train --init net.bpk --data datasets/mnist --train-only '*.tau'")]
pub(crate) struct Args {
    /// File of NIR
    file: PathBuf,
    /// Time step in seconds
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    dt: f64,
    /// Reset of the potential at a spike: to `v_reset`, or by subtracting the threshold
    #[arg(long)]
    reset: ResetArg,
    /// Synaptic current that the membrane of CubaLI and CubaLIF nodes takes
    #[arg(long, default_value = "current")]
    cuba: CubaArg,
    /// Input of the integrators I and IF, `dv/dt = r i`
    #[arg(long, value_name = "MEANING", default_value = "auto")]
    integrators: IntegratorsArg,
    /// Number of time steps
    #[arg(long, value_name = "T", default_value_t = 100, value_parser = whole::<usize>, allow_negative_numbers = true)]
    steps: usize,
    /// Encoder: a name, or a table `{ name = "..", .. }`; samples over time, `series`, if not given
    #[arg(long, value_name = "NAME|TABLE")]
    encoder: Option<String>,
    /// Decoder, likewise; spike counts, or the mean of outputs that are no spikes, if not given
    #[arg(long, value_name = "NAME|TABLE")]
    decoder: Option<String>,
    /// Shape of a step of a sample, where it is not that of the file but as many values: 28,28 for pictures and 784 inputs
    #[arg(long, value_name = "SIZES", value_delimiter = ',', value_parser = whole::<usize>)]
    input: Vec<usize>,
    /// Parameter of neurons that may learn, one value for each neuron, such as tau_m; may be given again
    #[arg(long, value_name = "PARAMETER")]
    learn: Vec<String>,
    /// File to write, .bpk or .safetensors
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ResetArg {
    /// To `v_reset`
    Zero,
    /// By subtracting the threshold
    Subtract,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum CubaArg {
    /// The current before the input of the step, as NIR's reference has it
    Previous,
    /// The current after it, as snnTorch and Norse have it
    Current,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum IntegratorsArg {
    /// Impulses where `r` is 1, as Sinabs, snnTorch and Norse have it, else a current
    Auto,
    /// Impulses, `v += r i`
    Impulses,
    /// A current that lasts the step, `v += r dt i`
    Current,
}

impl Args {
    fn options(&self) -> anyhow::Result<ImportOptions> {
        Ok(ImportOptions {
            dt: self.dt,
            reset: match self.reset {
                ResetArg::Zero => Reset::Hard,
                ResetArg::Subtract => Reset::Soft,
            },
            cuba: match self.cuba {
                CubaArg::Previous => SynapticCurrent::Previous,
                CubaArg::Current => SynapticCurrent::New,
            },
            integration: match self.integrators {
                IntegratorsArg::Auto => Integration::Auto,
                IntegratorsArg::Impulses => Integration::Impulses,
                IntegratorsArg::Current => Integration::Current,
            },
            steps: self.steps,
            encoder: self.encoder.as_deref().map(str::parse).transpose()?,
            decoder: self.decoder.as_deref().map(str::parse).transpose()?,
            input: (!self.input.is_empty()).then(|| self.input.clone()),
            learn: self.learn.clone(),
        })
    }

    /// Recordings of events in as many steps as the network has, each of the time step.
    fn data(&self) -> DataOptions {
        let window = (self.dt * 1e6).round();
        let frames = (1.0..1e12).contains(&window).then_some(Frames::Window(window as u64));
        let events = EventOptions { frames, origin: Origin::Zero, ..EventOptions::default() };
        DataOptions { events, steps: Some(self.steps), ..DataOptions::default() }
    }
}

pub(super) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let format = checkpoint_format(&args.out)?;
    check_target(&args.out, args.force)?;
    let imported = import(&read(&args.file)?, &args.options()?).map_err(|error| in_file(&args.file, &error))?;
    let checkpoint = match imported.checkpoint.description.model.encoder.name() {
        "series" => imported.checkpoint.with_data(args.data()),
        _ => imported.checkpoint,
    };
    format.write(&checkpoint, &args.out)?;
    output.print(&Written { file: &args.out, report: imported.report })
}

/// An error with the file in front.
fn in_file(file: &Path, error: &synfire::Error) -> anyhow::Error {
    anyhow::anyhow!("{}: {error}", file.display())
}
