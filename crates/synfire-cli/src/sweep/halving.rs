//! Training with successive halving (Jamieson & Talwalkar 2016, Non-stochastic best arm identification and hyperparameter
//! optimization): hopeless points end early.

use super::folder::{State, SweepFolder};
use super::plan::{Plan, Run};
use super::settings::Halving;
use super::worker::{Ended, Task, Workers};
use crate::output::note;
use std::collections::BTreeMap;

/// Trains all runs; with `halving` those that are worth it to their end.
pub(super) fn train<'a>(workers: &Workers<'a>, plan: &'a Plan, halving: Option<Halving>) -> anyhow::Result<Ended> {
    let mut alive: Vec<&Run> = plan.runs.iter().collect();
    for epoch in rungs(plan, halving) {
        let tasks = alive.iter().map(|run| {
            let until = Some(epoch).filter(|&epoch| epoch < run.config.training.epochs);
            Task { run, until }
        });
        if workers.work(tasks.collect())? == Ended::Stopped {
            return Ok(Ended::Stopped);
        }
        let before = points(&alive);
        alive = survivors(workers.folder(), alive, epoch, halving)?;
        note!("after epoch {epoch} {} of {before} points go on", points(&alive));
    }
    workers.work(alive.into_iter().map(Task::to_the_end).collect())
}

/// Runs that were given up, with the epoch after which they were.
pub(super) fn given_up(
    folder: &SweepFolder,
    plan: &Plan,
    halving: Option<Halving>,
) -> anyhow::Result<BTreeMap<usize, usize>> {
    let mut given_up = BTreeMap::new();
    let mut alive: Vec<&Run> = plan.runs.iter().collect();
    for epoch in rungs(plan, halving) {
        let mut all_there = true;
        for run in &alive {
            let there = matches!(folder.state(run)?, State::Done(_) | State::Failed(_));
            all_there &= there || folder.epochs(run)?.len() >= epoch;
        }
        if !all_there {
            break;
        }
        let left = survivors(folder, alive.clone(), epoch, halving)?;
        let gone = alive.iter().filter(|run| !left.iter().any(|other| other.index == run.index));
        given_up.extend(gone.map(|run| (run.index, epoch)));
        alive = left;
    }
    Ok(given_up)
}

/// Epochs after which points are given up.
fn rungs(plan: &Plan, halving: Option<Halving>) -> Vec<usize> {
    let Some(Halving { first, factor }) = halving else { return vec![] };
    let last = plan.runs.iter().map(|run| run.config.training.epochs).max().unwrap_or(0);
    std::iter::successors(Some(first), |epoch| epoch.checked_mul(factor)).take_while(|&epoch| epoch < last).collect()
}

/// Runs of the points whose mean validation loss over the seeds is among the best `1 / factor` after this epoch.
fn survivors<'a>(
    folder: &SweepFolder,
    alive: Vec<&'a Run>,
    epoch: usize,
    halving: Option<Halving>,
) -> anyhow::Result<Vec<&'a Run>> {
    let Some(Halving { factor, .. }) = halving else { return Ok(alive) };
    let mut losses: BTreeMap<usize, f64> = BTreeMap::new();
    for run in &alive {
        *losses.entry(run.point).or_default() += loss(folder, run, epoch)?;
    }
    let mut ranked: Vec<(usize, f64)> = losses.into_iter().collect();
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    ranked.truncate(ranked.len().div_ceil(factor));
    Ok(alive.into_iter().filter(|run| ranked.iter().any(|(point, _)| *point == run.point)).collect())
}

/// Validation loss after an epoch, or after the last one of a shorter training; infinite of one that failed.
fn loss(folder: &SweepFolder, run: &Run, epoch: usize) -> anyhow::Result<f64> {
    if let State::Failed(_) = folder.state(run)? {
        return Ok(f64::INFINITY);
    }
    let epochs = folder.epochs(run)?;
    let record = epochs.get(epoch - 1).or(epochs.last());
    Ok(record.and_then(|record| record.validation_loss).unwrap_or(f64::INFINITY))
}

fn points(runs: &[&Run]) -> usize {
    runs.iter().map(|run| run.point).collect::<std::collections::BTreeSet<_>>().len()
}
