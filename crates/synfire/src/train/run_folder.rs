//! The folder that a training leaves behind.

use super::{EpochRecord, TrainConfig, csv};
use crate::{Error, pictures};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where a training writes: `config.toml`, `metrics.jsonl`, `metrics.csv`, `checkpoints/`, pictures.
///
/// Every file is written under a temporary name and renamed: there are no half-written ones.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes the folder (and those above it), or takes an empty one.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be made or written to, or holds another run.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = RunFolder { path: path.into() };
        if folder.path.join("config.toml").exists() {
            let problem = "holds a run already; choose another folder with --out, or continue it with --resume";
            return Err(Error::file(&folder.path, problem));
        }
        folder.prepare()?;
        Ok(folder)
    }

    /// Opens the folder of an earlier training, to continue it.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is not one, or cannot be written to.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let folder = RunFolder { path: path.into() };
        if !folder.path.join("config.toml").is_file() {
            let problem =
                "is not a run folder (there is no config.toml in it); give the folder that `synfire train` named";
            return Err(Error::file(&folder.path, problem));
        }
        folder.prepare()?;
        Ok(folder)
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
        Self::create(parent.join(format!("{:03}-{name}", taken + 1)))
    }

    fn prepare(&self) -> Result<(), Error> {
        let checkpoints = self.path.join("checkpoints");
        let refuse = |error: std::io::Error| {
            Error::file(&self.path, format!("the run folder cannot be written: {error}; choose another one with --out"))
        };
        std::fs::create_dir_all(&checkpoints).map_err(refuse)?;
        // find out now, not after the first epoch
        tempfile::tempfile_in(&checkpoints).map(drop).map_err(refuse)
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

    /// Writes a file of this folder, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the disk refuses.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> Result<(), Error> {
        write_whole(&self.path.join(name), contents.as_ref())
    }

    /// Writes the configuration.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_config(&self, config: &TrainConfig) -> Result<(), Error> {
        self.write("config.toml", config.to_toml())
    }

    /// Writes what was measured so far, as JSON lines and CSV, and the learning curves (with the feature `plot`).
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_metrics(&self, title: &str, history: &[EpochRecord]) -> Result<(), Error> {
        let json: String =
            history.iter().map(|record| serde_json::to_string(record).unwrap_or_default() + "\n").collect();
        self.write("metrics.jsonl", json)?;
        self.write("metrics.csv", csv::table(history))?;
        pictures::write_curves(self, title, history)
    }
}

/// Writes a file whole or not at all: under a temporary name in the same folder, then renames it.
///
/// # Errors
///
/// [`Error::File`] if the disk refuses.
pub fn write_whole(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let refuse = |error: std::io::Error| Error::file(path, format!("could not be written: {error}"));
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(refuse)?;
    file.write_all(contents).and_then(|()| file.as_file().sync_all()).map_err(refuse)?;
    #[cfg(unix)]
    {
        // temporary files are private; what becomes a result is as readable as any other file
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(refuse)?;
    }
    file.persist(path).map(drop).map_err(|error| refuse(error.error))
}
