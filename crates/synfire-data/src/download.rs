//! Fetching data sets over the network. Nothing else in this crate does.
//!
//! ```no_run
//! use synfire_data::{Dataset, download::{self, Progress}};
//!
//! download::get("mnist", "datasets/mnist", &mut |progress| {
//!     if let Progress::Verified { file } = progress {
//!         println!("{file} fetched");
//!     }
//! })?;
//! let mnist = Dataset::open("datasets/mnist")?;
//! # Ok::<(), synfire_data::DataError>(())
//! ```

mod catalog;
mod checksum;
mod fetch;

pub use catalog::{Source, SourceFile, catalog};
pub use checksum::Checksum;

use crate::DataError;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Progress of [`get`], file by file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// The file was there already and is correct.
    Kept {
        /// The file's name.
        file: &'a str,
    },
    /// A mirror answered and begins to send.
    Started {
        /// The file's name.
        file: &'a str,
        /// The address it comes from.
        url: &'a str,
        /// Its size in bytes, if the mirror says so.
        total: Option<u64>,
    },
    /// More has arrived; reported every few tens of kilobytes.
    Received {
        /// The file's name.
        file: &'a str,
        /// Bytes received so far from this mirror.
        received: u64,
        /// All bytes to come, if the mirror said so.
        total: Option<u64>,
    },
    /// This mirror failed; the next one is tried, if there is one.
    Failed {
        /// The file's name.
        file: &'a str,
        /// The address that failed.
        url: &'a str,
        /// Cause of the failure.
        reason: &'a str,
    },
    /// The file is complete, correct and in its place.
    Verified {
        /// The file's name.
        file: &'a str,
    },
}

/// Fetches a data set of the [`catalog`] into `folder`, which is made if need be.
///
/// Short for finding the [`Source`] by name and [`Source::fetch`].
///
/// # Errors
/// If the catalog has no such set, or as [`Source::fetch`].
pub fn get(
    name: &str,
    folder: impl AsRef<Path>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Vec<PathBuf>, DataError> {
    let mut sources = catalog();
    match sources.iter().position(|source| source.name == name) {
        Some(index) => sources.swap_remove(index).fetch(folder, progress),
        None => Err(DataError::UnknownDataset {
            name: name.to_owned(),
            known: sources.into_iter().map(|source| source.name).collect(),
        }),
    }
}

impl Source {
    /// Fetches the files into `folder`, which is made if need be, and returns
    /// their paths in the order of [`files`](Self::files).
    ///
    /// Files that are there and correct are kept. The others are tried from
    /// each mirror in turn, under a temporary name that becomes the final one
    /// only when the checksum is right, so no wrong or partial file is left.
    ///
    /// # Errors
    /// If the folder cannot be made or written, or no mirror delivers a file;
    /// the message then lists what went wrong at each of them.
    pub fn fetch(
        &self,
        folder: impl AsRef<Path>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Vec<PathBuf>, DataError> {
        let folder = folder.as_ref();
        fs::create_dir_all(folder).map_err(DataError::io("create the folder", folder))?;
        let agent = fetch::agent();
        let fetch = |file| self.fetch_file(file, folder, &agent, progress);
        self.files.iter().map(fetch).collect()
    }

    fn fetch_file(
        &self,
        file: &SourceFile,
        folder: &Path,
        agent: &ureq::Agent,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<PathBuf, DataError> {
        let path = folder.join(&file.name);
        if file.checksum.verify(&path).is_ok() {
            progress(Progress::Kept { file: &file.name });
            return Ok(path);
        }
        let mut attempts = Vec::new();
        for mirror in &self.mirrors {
            let url = format!("{}/{}", mirror.trim_end_matches('/'), file.name);
            match fetch::file(agent, &url, file, &path, progress) {
                Ok(()) => {
                    progress(Progress::Verified { file: &file.name });
                    return Ok(path);
                }
                Err(fetch::Failure::Mirror(reason)) => {
                    progress(Progress::Failed { file: &file.name, url: &url, reason: &reason });
                    attempts.push((url, reason));
                }
                // A full disk is no better with another mirror.
                Err(fetch::Failure::Local(error)) => return Err(error),
            }
        }
        Err(DataError::Download { file: file.name.clone(), folder: folder.to_path_buf(), attempts })
    }
}
