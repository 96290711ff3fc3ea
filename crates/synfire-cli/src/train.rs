//! `synfire train`: trains a network and leaves a run folder behind.

mod args;
mod folder;
mod heading;
pub(crate) mod interrupt;
mod plan;
mod result;
mod resume;
pub(crate) mod set;
mod taus;
mod watch;

pub(crate) use args::Args;

use crate::output::{Output, note};
use crate::ranks;
use interrupt::INTERRUPTED;
use plan::RunPlan;
use std::process::ExitCode;
use watch::Watch;

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<ExitCode> {
    let ranks = ranks::join()?;
    let is_first = ranks::is_first();
    let stop = interrupt::listen()?;
    let mut plan = match &args.resume {
        Some(run) => resume::plan(args, run, ranks)?,
        None => RunPlan::new(args, ranks)?,
    };
    // until the result is written: nobody takes the training for one that was killed before it
    let _lock = plan.folder.lock()?;
    let before = plan.training.time_constants();
    if is_first {
        heading::print(&plan);
    }
    let _tidy = folder::TidyAfterPanic::of(&plan.folder, plan.new_folder);
    let mut watch = Watch::new(plan.training.options().epochs, args.until, stop);
    let whole = plan.training.fit(&plan.folder, &mut |progress| watch.observe(progress));
    drop(watch);
    let whole = whole.inspect_err(|_| folder::tidy(&plan.folder, plan.new_folder))?;
    let result = result::of(&plan, &before, !whole)?;
    if is_first {
        output.print(&result)?;
    }
    if is_first && !whole {
        let run = plan.folder.path().display();
        note!("stopped; everything is saved, continue with\n  synfire train --resume {run}");
    }
    Ok(if interrupt::happened(stop) && !whole { ExitCode::from(INTERRUPTED) } else { ExitCode::SUCCESS })
}
