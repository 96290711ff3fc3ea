//! `synfire train`: trains a network and leaves a run folder behind.

mod args;
mod folder;
mod heading;
pub(crate) mod interrupt;
mod place;
mod plan;
mod result;
mod resume;
pub(crate) mod set;
mod taus;
mod watch;

pub(crate) use args::Args;

use crate::output::{Output, note};
use crate::ranks;
use interrupt::{INTERRUPTED, Stop};
use place::Place;
use plan::RunPlan;
use std::process::ExitCode;
use watch::Watch;

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<ExitCode> {
    let processes = ranks::join()?;
    let stop = interrupt::listen()?;
    place::run(args.device.as_deref(), processes, |place| train(args, place, stop, output))
}

/// Whether a training with these arguments is on one device, and so on one thread.
pub(crate) fn is_on_one_device(args: &Args) -> bool {
    !args.device.as_deref().is_some_and(place::is_several)
}

/// Trains as one of the ranks, if there are several.
fn train(args: &Args, place: Place<'_>, stop: Stop, output: Output) -> anyhow::Result<ExitCode> {
    let is_first = ranks::is_first();
    let mut plan = match &args.resume {
        Some(run) => resume::plan(args, run, place)?,
        None => RunPlan::new(args, place)?,
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
