//! The folder of a sweep: a run folder for each training, what it printed, and why it failed.

use super::plan::{Plan, Run};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use synfire::train::{EpochRecord, RunFolder, RunResult, write_whole};

/// File with the plan of the sweep, by which it is known again.
const PLAN: &str = "sweep.json";

/// The folder of a sweep.
pub(super) struct SweepFolder {
    path: PathBuf,
}

/// State of a training, as its folder shows it.
pub(super) enum State {
    /// It did not begin.
    Waiting,
    /// It began and did not end.
    Begun,
    /// It came to its end.
    Done(Box<RunResult>),
    /// It failed, for this reason.
    Failed(String),
}

impl SweepFolder {
    /// Makes the folder, or opens that of the same sweep.
    pub(super) fn open(path: &Path, plan: &Plan) -> anyhow::Result<Self> {
        let folder = SweepFolder { path: path.to_path_buf() };
        let made = std::fs::create_dir_all(folder.path.join("runs"));
        made.with_context(|| format!("{}: the folder of the sweep cannot be made", path.display()))
            .map_err(|error| anyhow::anyhow!("{error:#}; choose another one with `folder`"))?;
        let fingerprint = format!("{}\n", plan.fingerprint()?);
        match std::fs::read_to_string(path.join(PLAN)) {
            Ok(known) if known == fingerprint => {}
            Ok(_) => bail!(
                "{}: holds another sweep: its configuration, data, keys or seeds are not these; choose another `folder`, or \
                 remove this one",
                path.display()
            ),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => folder.write(PLAN, &fingerprint)?,
            Err(error) => bail!("{}: could not be read: {error}", path.join(PLAN).display()),
        }
        Ok(folder)
    }

    /// Run folder of a training.
    pub(super) fn run(&self, run: &Run) -> PathBuf {
        self.path.join("runs").join(format!("{:03}", run.index))
    }

    /// File with what a training prints.
    pub(super) fn log(&self, run: &Run) -> PathBuf {
        self.run(run).with_extension("log")
    }

    fn failure(&self, run: &Run) -> PathBuf {
        self.run(run).with_extension("failed")
    }

    /// State of a training.
    pub(super) fn state(&self, run: &Run) -> anyhow::Result<State> {
        if let Ok(reason) = std::fs::read_to_string(self.failure(run)) {
            return Ok(State::Failed(reason.trim_end().to_string()));
        }
        let folder = self.run(run);
        match RunResult::read(&folder)? {
            Some(result) => Ok(State::Done(result.into())),
            None if folder.join("checkpoints/last.bpk").is_file() => Ok(State::Begun),
            None => Ok(State::Waiting),
        }
    }

    /// Measures of the epochs of a training.
    pub(super) fn epochs(&self, run: &Run) -> anyhow::Result<Vec<EpochRecord>> {
        Ok(RunFolder::metrics(&self.run(run))?)
    }

    /// Keeps the reason why a training failed.
    pub(super) fn fail(&self, run: &Run, reason: &str) -> anyhow::Result<()> {
        Ok(write_whole(&self.failure(run), reason.as_bytes())?)
    }

    /// Forgets failures, so that their trainings are tried again.
    pub(super) fn forget_failures(&self) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(self.path.join("runs"))?.flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "failed") {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Writes a file of the sweep, whole or not at all.
    pub(super) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> anyhow::Result<()> {
        Ok(write_whole(&self.path.join(name), contents.as_ref())?)
    }
}
