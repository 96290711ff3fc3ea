//! The command line: one definition for parsing, help and completions.

use crate::number;
use crate::output::Output;
use crate::{
    bench, coding, completions, data, devices, eval, export, import, info, man, models, nir, predict, profile,
    simulate, sweep, threads, train, view,
};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Train, evaluate, fine-tune and export spiking neural networks.
#[derive(Debug, Parser)]
#[command(name = "synfire", version, propagate_version = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    output: Output,

    /// Number of CPU threads; as many as there are cores if not given. Results do not depend on it.
    #[arg(long, value_name = "N", global = true, value_parser = number::threads, allow_negative_numbers = true)]
    threads: Option<usize>,
}

const EXAMPLES: &str = "\
Examples:
  synfire train                                          two layers of PLIF neurons on the built-in digits
  synfire data get mnist                                 fetch MNIST into datasets/mnist
  synfire train --config examples/mnist_mlp.toml --data datasets/mnist
  synfire eval runs/001-plif-digits/checkpoints/best.bpk
  synfire models show lif                                parameters and equations of a neuron model
  synfire simulate lif --current 0.2 --plot lif.svg      what it does with a current

`synfire help COMMAND` has more. RUST_LOG=debug shows what happens inside;
SYNFIRE_ISA=avx512, avx2 or portable picks the instruction set of the kernels, for measurements.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Train a network: from scratch, from another one's weights, or on from where it stopped
    Train(Box<train::Args>),
    /// Measure accuracy, loss and firing rates of a trained network on test data
    Eval(eval::Args),
    /// Classify a picture, or samples of the test data
    Predict(predict::Args),
    /// Count operations, energy, memory and latency of a trained network
    Profile(profile::Args),
    /// Write a trained network for other programs, without the state of its training
    Export(export::Args),
    /// Read a network that snnTorch, SpikingJelly, Norse or PyTorch trained
    Import(import::Args),
    /// Show what is in a checkpoint
    Info(info::Args),
    /// List the neuron models, or show one in detail
    Models(models::Args),
    /// List encoders, decoders, losses and what else a network is set among, with their settings
    Coding(coding::Args),
    /// Run one neuron of a model, and show its spikes and states
    Simulate(simulate::Args),
    /// Train many networks that differ in a few keys of their configuration, and compare them
    Sweep(sweep::Args),
    /// Show runs, networks and neurons in the browser
    View(view::Args),
    /// List the devices that this build can compute on
    Devices,
    /// Fetch data sets over the network
    #[command(subcommand)]
    Data(data::Command),
    /// Exchange networks with other frameworks, and show what is in their files (NIR)
    #[command(subcommand)]
    Nir(nir::Command),
    /// Measure the speed of training, on the work that other frameworks are measured on
    Bench(bench::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Write manual pages for `man`, one for each command
    #[command(hide = true)]
    Man(man::Args),
}

impl Command {
    /// Whether it computes, and nowhere but on the thread that runs it and those of the kernels.
    fn computes_on_this_thread(&self) -> bool {
        match self {
            Command::Train(args) => train::is_on_one_device(args),
            Command::Eval(_) | Command::Predict(_) | Command::Profile(_) | Command::Simulate(_) | Command::Bench(_) => {
                true
            }
            _ => false,
        }
    }
}

impl Cli {
    /// Whether results and errors are for machines.
    pub(crate) fn json(&self) -> bool {
        self.output.is_json()
    }

    /// Runs the subcommand.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        // an instruction set that the processor does not have is refused before anything runs on another
        synfire::device::instruction_set()?;
        threads::start(self.threads, self.command.computes_on_this_thread())?;
        let output = self.output;
        match self.command {
            Command::Train(args) => return train::run(&args, output),
            Command::Sweep(args) => return sweep::run(&args, output),
            Command::Eval(args) => eval::run(&args, output),
            Command::Predict(args) => predict::run(&args, output),
            Command::Profile(args) => profile::run(&args, output),
            Command::Export(args) => export::run(&args, output),
            Command::Import(args) => import::run(&args, output),
            Command::Info(args) => info::run(&args, output),
            Command::Models(args) => models::run(&args, output),
            Command::Coding(args) => coding::run(&args, output),
            Command::Simulate(args) => simulate::run(&args, output),
            Command::View(args) => view::run(&args),
            Command::Devices => devices::run(output),
            Command::Data(command) => data::run(command, output),
            Command::Nir(command) => nir::run(&command, output),
            Command::Bench(args) => bench::run(&args),
            Command::Completions(args) => completions::run(&args),
            Command::Man(args) => man::run(&args),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
