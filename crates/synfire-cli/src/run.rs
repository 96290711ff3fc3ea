//! Run folders, as commands read them: the checkpoint that was kept, and where the data are.

use crate::inputs;
use crate::ranks;
use std::path::{Path, PathBuf};
use synfire::checkpoint::Checkpoint;
use synfire::train::{DataNote, RunFolder};
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
        let file = if path.join("config.toml").is_file() { RunFolder::kept(path)? } else { path.to_path_buf() };
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

/// The note on data in the folder that the first of several ranks has.
pub(crate) fn shared_note(folder: &Path) -> anyhow::Result<DataNote> {
    let text = ranks::from_first(|| Ok(toml::to_string(&DataNote::read(folder)?)?.into_bytes()))?;
    Ok(toml::from_str(&String::from_utf8(text)?)?)
}
