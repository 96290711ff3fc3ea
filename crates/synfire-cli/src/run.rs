//! Run folders, as commands read them: the checkpoint that was kept, and where the data are.

use crate::inputs;
use crate::ranks;
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use synfire::checkpoint::Checkpoint;
use synfire::train::{RunFolder, TrainConfig};
use synfire_data::Dataset;

/// A trained network: from a checkpoint, or the run folder that it lies in.
pub(crate) struct Trained {
    pub(crate) checkpoint: Checkpoint,
    /// The checkpoint.
    pub(crate) file: PathBuf,
    /// The data of its run folder, if it lies in one.
    note: Option<DataNote>,
}

impl Trained {
    /// Reads a checkpoint, or the one that was kept in a run folder: the best on the validation data, or the last.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let file = if path.join("config.toml").is_file() { kept(path)? } else { path.to_path_buf() };
        let checkpoint = inputs::checkpoint(&file)?;
        let folder = file.parent().and_then(Path::parent).filter(|folder| folder.join(DataNote::FILE).is_file());
        let note = folder.map(DataNote::read).transpose()?;
        tracing::info!(file = %file.display(), "checkpoint");
        Ok(Trained { checkpoint, file, note })
    }

    /// The data set at this path, read as that of the training was; if not given, the one that the network was trained on, or else the built-in digits.
    pub(crate) fn data(&self, folder: Option<&Path>) -> anyhow::Result<Dataset> {
        let folder = folder.or(self.note.as_ref().and_then(DataNote::folder));
        let data = inputs::data(folder, &self.checkpoint.description.data)?;
        inputs::check_fit(&self.file, &self.checkpoint.description, &data)?;
        Ok(data)
    }
}

/// The checkpoint that was kept in a run folder.
fn kept(folder: &Path) -> anyhow::Result<PathBuf> {
    let [best, last] = ["best", "last"].map(|name| folder.join("checkpoints").join(format!("{name}.bpk")));
    let validated = TrainConfig::read(folder.join("config.toml"))?.training.validation > 0.0;
    match [validated.then_some(&best), Some(&last)].into_iter().flatten().find(|file| file.is_file()) {
        Some(file) => Ok(file.clone()),
        None => bail!("{}: nothing of its training was saved yet (there is no checkpoints/last.bpk)", folder.display()),
    }
}

/// `data.toml` in a run folder: where the data are, so that `--resume` needs no `--data`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DataNote {
    /// Path of the data set; none for the built-in digits.
    folder: Option<PathBuf>,
}

impl DataNote {
    /// Its file in a run folder.
    pub(crate) const FILE: &str = "data.toml";

    pub(crate) fn of(folder: Option<&Path>) -> Self {
        let absolute = |folder: &Path| std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        DataNote { folder: folder.map(absolute) }
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The note in this folder; the built-in digits if there is none.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(Self::FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(DataNote::default()),
            Err(error) => bail!("{}: could not be read: {error}", path.display()),
        }
    }

    /// As [`read`](Self::read), from the folder that the first of several ranks has.
    pub(crate) fn shared(folder: &Path) -> anyhow::Result<Self> {
        let text = ranks::from_first(|| Ok(toml::to_string(&Self::read(folder)?)?.into_bytes()))?;
        Ok(toml::from_str(&String::from_utf8(text)?)?)
    }

    pub(crate) fn write(&self, folder: &RunFolder) -> anyhow::Result<()> {
        let text = toml::to_string(self).context("the data folder's name cannot be written, it is not Unicode")?;
        Ok(folder.write(Self::FILE, format!("# where the training data are; none: the built-in digits\n{text}"))?)
    }
}
