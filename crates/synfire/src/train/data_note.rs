//! Where the data of a run are.

use super::{RunFolder, TrainConfig};
use crate::Error;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// `data.toml` in a run folder: where its data are, so that what goes on with it need not be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataNote {
    /// Path of the data set; none for the built-in digits.
    folder: Option<PathBuf>,
}

impl DataNote {
    /// Its file in a run folder.
    pub const FILE: &str = "data.toml";

    /// The note on data at this path; none for the built-in digits.
    #[must_use]
    pub fn of(folder: Option<&Path>) -> Self {
        let absolute = |folder: &Path| std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        DataNote { folder: folder.map(absolute) }
    }

    /// Path of the data set; none for the built-in digits.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The note in this folder; the built-in digits if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read or understood.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(Self::FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| Error::file(&path, error.to_string())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(DataNote::default()),
            Err(error) => Err(Error::file(&path, format!("could not be read: {error}"))),
        }
    }

    /// Writes it into a run folder.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the path is not Unicode, or the disk refuses.
    pub fn write(&self, folder: &RunFolder) -> Result<(), Error> {
        let refuse = |_| Error::file(folder.path(), "the data folder's name cannot be written, it is not Unicode");
        let text = toml::to_string(self).map_err(refuse)?;
        folder.write(Self::FILE, format!("# where the training data are; none: the built-in digits\n{text}"))
    }
}

impl RunFolder {
    /// The checkpoint that a training of a network in this folder keeps: the best on the validation data, or the last.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if its configuration cannot be read, or nothing was saved yet.
    pub fn kept(folder: &Path) -> Result<PathBuf, Error> {
        let [best, last] = ["best", "last"].map(|name| folder.join("checkpoints").join(format!("{name}.bpk")));
        let validated = TrainConfig::read(folder.join("config.toml"))?.training.validation > 0.0;
        let problem = "nothing of its training was saved yet (there is no checkpoints/last.bpk)";
        let kept = [validated.then_some(best), Some(last)].into_iter().flatten().find(|file| file.is_file());
        kept.ok_or_else(|| Error::file(folder, problem))
    }
}
