//! The folder that a training leaves behind.

use super::files::{append_to, remove_unfinished, write_whole};
use super::lock::{FolderLock, RunLock};
use super::tensorboard;
use super::{BuildModel, EpochRecord, TrainingConfig, is_plain};
use crate::{Error, pictures};
use serde::Serialize;
use std::fmt::Write as _;
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
}

impl RunFolder {
    /// Makes the folder (and those above it), or takes an empty one.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be made or written to, or holds another run.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = RunFolder { path: path.into(), lock: FolderLock::default() };
        folder.refuse_another()?;
        folder.prepare()?;
        folder.lock.take(&folder.path)?;
        // another process may have been quicker
        folder.refuse_another()?;
        folder.clear()?;
        Ok(folder)
    }

    /// Opens the folder of an earlier training, to continue it.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is not one, cannot be written to, or another process trains in it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = RunFolder { path: path.into(), lock: FolderLock::default() };
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
        self.lock.take(&self.path)?;
        Ok(RunLock(self.lock.clone()))
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

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
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
        write_whole(&self.path.join(name), contents.as_ref())
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
        let line = |record: &EpochRecord| serde_json::to_string(record).map(|line| line + "\n");
        let json: Result<String, _> = history.iter().map(line).collect();
        let refuse =
            |error| Error::file(self.path.join("metrics.jsonl"), format!("the measures have no JSON form: {error}"));
        self.write("metrics.jsonl", json.map_err(refuse)?)?;
        self.write("metrics.csv", csv(history))?;
        append_to(&self.path.join(tensorboard::FILE), &tensorboard::events(history))?;
        pictures::learning_curves(self, title, history)
    }
}

fn toml_of(key: &str, value: &impl Serialize) -> Result<String, toml::ser::Error> {
    toml::to_string(&std::collections::BTreeMap::from([(key, value)]))
}

/// One row per epoch; layers and parameters have a column each, time constants three.
fn csv(history: &[EpochRecord]) -> String {
    let Some(first) = history.first() else { return String::new() };
    let (rates, norms) = (first.firing_rates.keys(), first.gradient_norms.keys());
    // a training that an earlier version began has none in its first epochs
    let taus = history.last().map(|last| last.time_constants.keys()).unwrap_or_default();
    let of_tau =
        |name: &String| ["mean", "minimum", "maximum"].map(|what| quoted(&format!("time_constant.{name}.{what}")));
    let columns = ["epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "learning_rate"]
        .map(String::from)
        .into_iter()
        .chain(rates.clone().map(|layer| quoted(&format!("firing_rate.{layer}"))))
        .chain(norms.clone().map(|name| quoted(&format!("gradient_norm.{name}"))))
        .chain(taus.clone().flat_map(of_tau));
    let mut table = columns.collect::<Vec<_>>().join(",") + "\n";
    let optional = |x: Option<f64>| x.map_or(String::new(), |x| x.to_string());
    for record in history {
        let mut row = vec![
            record.epoch.to_string(),
            record.train_loss.to_string(),
            optional(record.train_accuracy),
            optional(record.validation_loss),
            optional(record.validation_accuracy),
            record.learning_rate.to_string(),
        ];
        row.extend(rates.clone().map(|layer| optional(record.firing_rates.get(layer).copied())));
        row.extend(norms.clone().map(|name| optional(record.gradient_norms.get(name).copied())));
        row.extend(taus.clone().flat_map(|name| {
            let tau = record.time_constants.get(name);
            [tau.map(|tau| tau.mean), tau.map(|tau| tau.minimum), tau.map(|tau| tau.maximum)].map(optional)
        }));
        // a string takes every line
        let _ = writeln!(table, "{}", row.join(","));
    }
    table
}

/// A field of a CSV file, in quotes where its characters would end it (RFC 4180).
fn quoted(field: &str) -> String {
    match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_string(),
    }
}
