//! `synfire train`: trains a network and leaves a run folder behind.

mod args;
mod folder;
mod heading;
mod interrupt;
mod plan;
mod result;
mod resume;
mod set;
mod taus;
mod watch;

pub(crate) use args::Args;

use crate::output::{Output, note};
use plan::RunPlan;
use std::process::ExitCode;
use watch::Watch;

/// Exit code after Ctrl-C, as shells have it: 128 + SIGINT.
const INTERRUPTED: u8 = 130;

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<ExitCode> {
    let stop = interrupt::listen()?;
    let mut plan = match &args.resume {
        Some(run) => resume::plan(args, run)?,
        None => RunPlan::new(args)?,
    };
    let before = plan.training.time_constants();
    heading::print(&plan);
    let _tidy = folder::TidyAfterPanic::of(&plan.folder, plan.new_folder);
    let mut watch = Watch::new(plan.training.options().epochs, stop);
    let whole = plan.training.fit(&plan.folder, &mut |progress| watch.observe(progress));
    drop(watch);
    let whole = whole.inspect_err(|_| folder::tidy(&plan.folder, plan.new_folder))?;
    let stopped = !whole && interrupt::happened(stop);
    output.print(&result::of(&plan, &before, stopped)?)?;
    if stopped {
        let run = plan.folder.path().display();
        note!("stopped; everything is saved, continue with\n  synfire train --resume {run}");
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}
