//! The folder that a training leaves behind.

use super::files::{append_to, remove_unfinished, write_whole};
use super::lock::{FolderLock, RunLock};
use super::{BuildModel, EpochRecord, TrainingConfig, is_plain};
use super::{metrics_files, tensorboard};
use crate::checkpoint::Checkpoint;
use crate::{Error, pictures};
use serde::Serialize;
use std::path::{Path, PathBuf};
use synfire_data::DataOptions;

/// Name of the file that the result of a training is in.
pub(super) const RESULT: &str = "result.json";

/// Where a training writes: `config.toml`, `metrics.jsonl`, `metrics.csv`, events for TensorBoard, `checkpoints/`, pictures,
/// and at its end `result.json`.
///
/// Every file is written under a temporary name and renamed: there are no half-written ones.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
    lock: FolderLock,
    is_written: bool,
}

impl RunFolder {
    /// Makes the folder (and those above it), or takes an empty one.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be made or written to, or holds another run.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = Self::at(path.into(), true);
        folder.refuse_another()?;
        folder.prepare()?;
        folder.lock.take(&folder.path)?;
        // another process may have been quicker
        folder.refuse_another()?;
        folder.clear()?;
        Ok(folder)
    }

    /// The folder of a training that another process writes: this one writes nothing, and needs no such folder.
    #[must_use]
    pub fn unwritten(path: impl Into<PathBuf>) -> Self {
        Self::at(path.into(), false)
    }

    fn at(path: PathBuf, is_written: bool) -> Self {
        RunFolder { path, lock: FolderLock::default(), is_written }
    }

    /// Opens the folder of an earlier training, to continue it.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is not one, cannot be written to, or another process trains in it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = Self::at(path.into(), true);
        if !folder.path.join("config.toml").is_file() {
            let problem =
                "is not a run folder (there is no config.toml in it); give the folder that `synfire train` named";
            return Err(Error::file(&folder.path, problem));
        }
        folder.prepare()?;
        folder.lock.take(&folder.path)?;
        folder.clear()?;
        Ok(folder)
    }

    /// Refuses a folder that holds a run.
    fn refuse_another(&self) -> Result<(), Error> {
        let problem = "holds a run already; choose another folder with --out, or continue it with --resume";
        match self.path.join("config.toml").exists() {
            true => Err(Error::file(&self.path, problem)),
            false => Ok(()),
        }
    }

    /// Keeps other processes from training in the folder until the guard is dropped. They are kept off as well between
    /// [`create`](Self::create) or [`open`](Self::open) and the first training.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if another process trains in it, or this one by another `RunFolder`.
    pub fn lock(&self) -> Result<RunLock, Error> {
        match self.is_written {
            true => self.lock.guard(&self.path),
            false => Ok(RunLock::none()),
        }
    }

    /// A new folder `NNN-name` in `parent`, with the next free number.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn numbered(parent: &Path, name: &str) -> Result<Self, Error> {
        let number = |entry: std::fs::DirEntry| entry.file_name().to_str()?.split('-').next()?.parse::<usize>().ok();
        let taken =
            std::fs::read_dir(parent).map_or(0, |entries| entries.flatten().filter_map(number).max().unwrap_or(0));
        // another process may take a number at the same time
        for number in taken + 1.. {
            let path = parent.join(format!("{number:03}-{name}"));
            match std::fs::create_dir_all(parent).and_then(|()| std::fs::create_dir(&path)) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                _ => return Self::create(path),
            }
        }
        Self::create(parent)
    }

    fn prepare(&self) -> Result<(), Error> {
        let checkpoints = self.path.join("checkpoints");
        // find out now, not after the first epoch
        let written = std::fs::create_dir_all(&checkpoints).and_then(|()| tempfile::tempfile_in(&checkpoints));
        written.map(drop).map_err(|error| self.not_writable(&error))
    }

    /// Removes what a training that was killed had not finished.
    fn clear(&self) -> Result<(), Error> {
        let cleared = remove_unfinished(&self.path).and_then(|()| remove_unfinished(&self.path.join("checkpoints")));
        cleared.map_err(|error| self.not_writable(&error))
    }

    fn not_writable(&self, error: &std::io::Error) -> Error {
        Error::file(&self.path, format!("the run folder cannot be written: {error}; choose another one with --out"))
    }

    /// Whether this process writes it.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.is_written
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a process trains in this folder.
    #[must_use]
    pub fn is_busy(path: &Path) -> bool {
        FolderLock::is_held(path)
    }

    /// Measures of the epochs that a training in this folder has done; none if it did not begin.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if `metrics.jsonl` cannot be read.
    pub fn metrics(path: &Path) -> Result<Vec<EpochRecord>, Error> {
        metrics_files::read(path)
    }

    /// Measures of the last epoch that a training in this folder has done; none if there is none.
    ///
    /// # Errors
    ///
    /// As [`metrics`](Self::metrics).
    pub fn last_metrics(path: &Path) -> Result<Option<EpochRecord>, Error> {
        metrics_files::read_last(path)
    }

    /// Path of the checkpoint with this name (`best`, `last`).
    #[must_use]
    pub fn checkpoint(&self, name: &str) -> PathBuf {
        self.path.join("checkpoints").join(format!("{name}.bpk"))
    }

    /// Whether a training came to its end here: it has a result.
    #[must_use]
    pub fn has_result(&self) -> bool {
        self.path.join(RESULT).is_file()
    }

    /// Removes the result of a training that goes on.
    pub(super) fn remove_result(&self) -> Result<(), Error> {
        if !self.is_written {
            return Ok(());
        }
        match std::fs::remove_file(self.path.join(RESULT)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(self.not_writable(&error)),
            _ => Ok(()),
        }
    }

    /// Writes a file of this folder, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the disk refuses.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> Result<(), Error> {
        match self.is_written {
            true => write_whole(&self.path.join(name), contents.as_ref()),
            false => Ok(()),
        }
    }

    /// Writes the checkpoint with this name, which is made only if this process writes.
    pub(super) fn write_checkpoint<C: BuildModel>(
        &self,
        name: &str,
        checkpoint: impl FnOnce() -> Result<Checkpoint<C>, Error>,
    ) -> Result<(), Error> {
        if self.is_written { checkpoint()?.write(&self.checkpoint(name)) } else { Ok(()) }
    }

    /// Writes the configuration: how samples are read as `[data]`, the options as `[training]`, the model's settings under
    /// their key.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_config<C: BuildModel>(
        &self,
        config: &C,
        options: &TrainingConfig,
        data: &DataOptions,
    ) -> Result<(), Error> {
        let data = if is_plain(data) { Ok(String::new()) } else { toml_of("data", data).map(|data| data + "\n") };
        let text = data.and_then(|data| Ok(data + &toml_of("training", options)? + "\n" + &toml_of(C::KEY, config)?));
        let refuse = |error: toml::ser::Error| {
            Error::file(self.path.join("config.toml"), format!("the configuration has no TOML form: {error}"))
        };
        self.write("config.toml", text.map_err(refuse)?)
    }

    /// Writes what was measured so far, as JSON lines, CSV and for TensorBoard, and the learning curves.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_metrics(&self, title: &str, history: &[EpochRecord]) -> Result<(), Error> {
        if !self.is_written {
            return Ok(());
        }
        metrics_files::write(self, history)?;
        append_to(&self.path.join(tensorboard::FILE), &tensorboard::events(history))?;
        pictures::learning_curves(self, title, history)
    }
}

fn toml_of(key: &str, value: &impl Serialize) -> Result<String, toml::ser::Error> {
    toml::to_string(&std::collections::BTreeMap::from([(key, value)]))
}
