//! `synfire profile`: operations, energy, memory and latency of a trained network.

mod picture;
mod shown;

use crate::eval::{check_exit, options};
use crate::number::whole;
use crate::output::{Output, note};
use crate::run::Trained;
use crate::{export, inputs, picture_file};
use shown::Shown;
use std::path::PathBuf;
use synfire::profile::{EnergyConstants, profile};
use synfire::train::{evaluate_early_exit, inference_seed};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A synaptic operation (AC) is a spike that is added up at one of the neurons that it reaches. Where the input of a layer is
no spike but a number, all of its connections multiply and accumulate (MAC), once if it is the same at every step. Each
neuron is updated at every step. Energies are those of 32-bit floating point in 45 nm CMOS (Horowitz 2014), without memory.

Examples:
  synfire profile runs/001-plif-digits
  synfire profile net.bpk --data datasets/mnist --samples 1000 --json
  synfire profile net.bpk --mac-pj 3.2 --ac-pj 0.1 --update-pj 0 --plot profile.svg")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder
    file: PathBuf,
    /// Data set, as `synfire train` takes it; if not given that of the run folder, or the built-in digits
    #[arg(long, value_name = "PATH")]
    data: Option<PathBuf>,
    /// Device, as `synfire devices` lists them
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
    /// Number of test samples to run, the first ones; all of them if there are fewer
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = whole::<usize>, allow_negative_numbers = true)]
    samples: usize,
    /// Energy of a multiply-accumulate in pJ
    #[arg(long, value_name = "PJ", default_value_t = EnergyConstants::default().mac_pj, allow_negative_numbers = true)]
    mac_pj: f64,
    /// Energy of an accumulate, a synaptic operation, in pJ
    #[arg(long, value_name = "PJ", default_value_t = EnergyConstants::default().ac_pj, allow_negative_numbers = true)]
    ac_pj: f64,
    /// Energy of the update of a neuron in a step, in pJ
    #[arg(long, value_name = "PJ", default_value_t = EnergyConstants::default().update_pj, allow_negative_numbers = true)]
    update_pj: f64,
    /// Also tell when each sample would be answered: at the first step at which a class has this probability
    #[arg(long, value_name = "PROBABILITY")]
    exit: Option<f32>,
    /// Picture of the layers to write, .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Overwrite the picture if it exists
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    args.exit.map_or(Ok(()), check_exit)?;
    if let Some(plot) = &args.plot {
        picture_file::check(plot)?;
        export::check_target(plot, args.force)?;
    }
    let trained = Trained::read(&args.file)?;
    let (_, device) = inputs::device(args.device.as_deref())?;
    let (data, checkpoint) = (trained.data(args.data.as_deref())?, &trained.checkpoint);
    let network = checkpoint.network(&device)?;
    let indices: Vec<usize> = (0..data.test.len().min(args.samples)).collect();
    let constants = EnergyConstants { mac_pj: args.mac_pj, ac_pj: args.ac_pj, update_pj: args.update_pj };
    let options = options(checkpoint);
    let profile = profile(&network, &data.test, &indices, constants, inference_seed(&options), &device)?;
    let early = args
        .exit
        .map(|confidence| evaluate_early_exit(&network, &data.test, &indices, confidence, &options, &device))
        .transpose()?;
    if let Some(plot) = &args.plot {
        picture::write(&profile, plot)?;
        note!("written {}", plot.display());
    }
    output.print(&Shown { profile, early_exit: early })
}
