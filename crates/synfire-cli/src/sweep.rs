//! `synfire sweep`: many trainings that differ in a few keys of their configuration.

mod folder;
mod halving;
mod picture;
mod plan;
mod points;
mod settings;
mod slurm;
mod table;
mod worker;

use crate::number::whole;
use crate::output::{Output, note};
use crate::train::interrupt::{self, INTERRUPTED};
use folder::SweepFolder;
use plan::Plan;
use settings::Sweep;
use std::path::PathBuf;
use std::process::ExitCode;
use worker::{Ended, Task, Workers};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file names a configuration, the keys that change, and their values:

  config = \"examples/digits_plif.toml\"           # as `synfire train --config` reads it
  seeds = [0, 1, 2]
  search = \"grid\"                                # or { random = 24, seed = 0 }
  jobs = 2                                       # trainings at a time
  halving = { first = 2, factor = 2 }            # of all trainings the better half goes on after epoch 2, 4, 8, ..

  [keys]
  \"network.layers.1.tau_m.value\" = [2, 4, 8]
  \"training.learning_rate\" = { from = 1e-4, to = 1e-2, log = true }   # for a random search

Each training is a run folder. A sweep that was stopped goes on with the same command.

Examples:
  synfire sweep taus.toml
  synfire sweep taus.toml --table                 the table of a sweep that is at work
  synfire sweep taus.toml --slurm taus.sbatch     the script of a SLURM array")]
pub(crate) struct Args {
    /// File that describes the sweep, TOML
    file: PathBuf,
    /// Trainings at a time on this machine; if not given as the file says
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    jobs: Option<usize>,
    /// Do this run alone, from 0, as a job of an array
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true, conflicts_with_all = ["table", "slurm", "jobs"])]
    run: Option<usize>,
    /// Train nothing; write the table and the pictures of what there is
    #[arg(long, conflicts_with = "slurm")]
    table: bool,
    /// Train nothing; write the script of a SLURM array
    #[arg(long, value_name = "FILE")]
    slurm: Option<PathBuf>,
    /// Try runs again that failed
    #[arg(long, conflicts_with_all = ["table", "slurm"])]
    retry: bool,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<ExitCode> {
    let sweep = Sweep::read(&args.file)?;
    let plan = Plan::of(&sweep)?;
    if let Some(script) = &args.slurm {
        slurm::write(script, &args.file, &sweep, &plan)?;
        note!("written {}; submit it with\n  sbatch {}", script.display(), script.display());
        return Ok(ExitCode::SUCCESS);
    }
    let folder = SweepFolder::open(&sweep.folder, &plan)?;
    let mut stopped = false;
    if !args.table {
        if args.retry {
            folder.forget_failures()?;
        }
        let stop = interrupt::listen()?;
        let jobs = args.jobs.unwrap_or(sweep.jobs);
        let workers = Workers::new(&folder, &plan, jobs, stop)?;
        let ended = match args.run {
            Some(run) => workers.work(vec![Task::to_the_end(plan.run(run)?)])?,
            None => halving::train(&workers, &plan, sweep.halving)?,
        };
        stopped = ended == Ended::Stopped;
    }
    let table = table::of(&folder, &plan, sweep.halving)?;
    if args.run.is_none() {
        folder.write("table.csv", &table.csv()?)?;
        picture::write(&folder, &plan, &table)?;
        output.print(&table)?;
    }
    if stopped {
        note!("stopped; everything is saved, the same command goes on");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(if table.has_failures() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
