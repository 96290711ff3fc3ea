//! Trainings as processes of their own, a few at a time: one that fails or is killed takes no other with it.

use super::folder::{State, SweepFolder};
use super::plan::{Plan, Run};
use crate::output::note;
use crate::ranks::LAUNCHED;
use crate::train::interrupt::{Stop, happened};
use anyhow::Context;
use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use synfire::train::RunFolder;

/// Time between two looks at the processes.
const PAUSE: Duration = Duration::from_millis(50);
/// Time that trainings have to save and stop.
const GRACE: Duration = Duration::from_secs(20);

/// A training, or a part of it.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) run: &'a Run,
    /// The epoch after which it pauses.
    pub(super) until: Option<usize>,
}

impl<'a> Task<'a> {
    /// All of a training that is left.
    pub(super) fn to_the_end(run: &'a Run) -> Self {
        Task { run, until: None }
    }
}

/// End of some work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// All was done.
    Whole,
    /// It was interrupted.
    Stopped,
}

/// Runs trainings.
pub(super) struct Workers<'a> {
    folder: &'a SweepFolder,
    plan: &'a Plan,
    jobs: usize,
    /// Threads of each training: together as many as there are processors.
    threads: usize,
    program: PathBuf,
    stop: Stop,
}

/// A process at work.
struct Busy<'a> {
    run: &'a Run,
    child: Child,
}

impl<'a> Workers<'a> {
    pub(super) fn new(folder: &'a SweepFolder, plan: &'a Plan, jobs: usize, stop: Stop) -> anyhow::Result<Self> {
        anyhow::ensure!(jobs > 0, "--jobs is 0; expected at least 1");
        let program = std::env::current_exe().context("the program does not find itself")?;
        Ok(Workers { folder, plan, jobs, threads: rayon::current_num_threads().div_ceil(jobs), program, stop })
    }

    /// The folder of the sweep.
    pub(super) fn folder(&self) -> &SweepFolder {
        self.folder
    }

    /// Does all tasks that are not done, `jobs` at a time.
    pub(super) fn work(&self, tasks: Vec<Task<'a>>) -> anyhow::Result<Ended> {
        let mut waiting = VecDeque::from(tasks);
        let mut busy: Vec<Busy> = vec![];
        loop {
            if happened(self.stop) {
                end(busy);
                return Ok(Ended::Stopped);
            }
            for _ in 0..waiting.len() {
                if busy.len() == self.jobs {
                    break;
                }
                let Some(task) = waiting.pop_front() else { break };
                // a training of a sweep that was killed may still be at work; after it the state no longer changes
                if RunFolder::is_busy(&self.folder.run(task.run)) {
                    waiting.push_back(task);
                } else if self.is_left(task)? {
                    busy.push(Busy { run: task.run, child: self.begin(task)? });
                }
            }
            if busy.is_empty() && waiting.is_empty() {
                return Ok(Ended::Whole);
            }
            std::thread::sleep(PAUSE);
            let mut still = vec![];
            for mut one in busy {
                match one.child.try_wait()? {
                    None => still.push(one),
                    Some(status) => self.conclude(one.run, status)?,
                }
            }
            busy = still;
        }
    }

    /// Whether there is something to do for a task.
    fn is_left(&self, Task { run, until }: Task<'_>) -> anyhow::Result<bool> {
        Ok(match (self.folder.state(run)?, until) {
            (State::Done(_) | State::Failed(_), _) => false,
            (State::Begun, Some(until)) => self.folder.epochs(run)?.len() < until,
            (State::Begun, None) | (State::Waiting, _) => true,
        })
    }

    fn begin(&self, Task { run, until }: Task<'_>) -> anyhow::Result<Child> {
        let folder = self.folder.run(run);
        let mut command = Command::new(&self.program);
        command.arg("train").arg("--threads").arg(self.threads.to_string());
        // a launcher started the sweep, not this training
        for variable in LAUNCHED {
            command.env_remove(variable);
        }
        match self.folder.state(run)? {
            State::Begun => command.arg("--resume").arg(&folder),
            _ => {
                // one that was killed before its first checkpoint has nothing to go on from
                remove(&folder)?;
                command.args(self.plan.arguments(run)).arg("--out").arg(&folder)
            }
        };
        if let Some(until) = until {
            command.arg("--until").arg(until.to_string());
        }
        let log = self.folder.log(run);
        let file = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .with_context(|| format!("{}: could not be written", log.display()))?;
        let child = command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn();
        child.with_context(|| format!("{}: could not be started", self.program.display()))
    }

    /// Says how a training ended, and keeps the reason of a failure.
    fn conclude(&self, run: &Run, status: ExitStatus) -> anyhow::Result<()> {
        let name = format!("run {:03}", run.index);
        match (status.code(), self.folder.state(run)?) {
            (Some(0), State::Done(result)) => note!("{name}  {}", super::table::measure(&result)),
            (Some(0), _) => note!("{name}  paused after epoch {}", self.folder.epochs(run)?.len()),
            // killed or interrupted: it goes on with the sweep
            (None, _) => note!("{name}  was killed ({status}); the same command goes on with it"),
            (Some(code), _) if code == i32::from(crate::train::interrupt::INTERRUPTED) => note!("{name}  stopped"),
            (Some(_), _) => {
                let reason = reason(&self.folder.log(run)).unwrap_or_else(|| status.to_string());
                note!("{name}  failed: {reason}");
                self.folder.fail(run, &reason)?;
            }
        }
        Ok(())
    }
}

/// Waits for trainings that were asked to stop, and ends those that do not: their checkpoints are whole.
fn end(busy: Vec<Busy<'_>>) {
    let begun = Instant::now();
    for mut one in busy {
        while begun.elapsed() < GRACE && matches!(one.child.try_wait(), Ok(None)) {
            std::thread::sleep(PAUSE);
        }
        let _ = one.child.kill();
        let _ = one.child.wait();
    }
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{}: could not be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

/// The error in what a training printed.
fn reason(log: &Path) -> Option<String> {
    let text = std::fs::read_to_string(log).ok()?;
    let at = text.rfind("error: ")?;
    Some(text[at + "error: ".len()..].trim_end().to_string())
}
