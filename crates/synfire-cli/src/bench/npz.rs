//! Arrays of a `.npz` file, a zip archive of `.npy` files.

use anyhow::Context;
use npyz::{Deserialize, NpyFile};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// An open `.npz` file.
pub(super) struct Arrays<'a> {
    path: &'a Path,
    archive: ZipArchive<BufReader<File>>,
}

impl<'a> Arrays<'a> {
    pub(super) fn open(path: &'a Path) -> anyhow::Result<Self> {
        let unreadable = || format!("{}: not a readable .npz file", path.display());
        let file = File::open(path).with_context(unreadable)?;
        let archive = ZipArchive::new(BufReader::new(file)).with_context(unreadable)?;
        Ok(Arrays { path, archive })
    }

    /// Values of an array in the order of the file, if there is one of this name.
    pub(super) fn find<T: Deserialize>(&mut self, name: &str) -> anyhow::Result<Option<Vec<T>>> {
        let unreadable =
            || format!("{}: `{name}` is not an array of type {}", self.path.display(), std::any::type_name::<T>());
        let file = match self.archive.by_name(&format!("{name}.npy")) {
            Err(ZipError::FileNotFound) => return Ok(None),
            file => file.with_context(unreadable)?,
        };
        let values = NpyFile::new(file).and_then(|array| array.into_vec()).with_context(unreadable)?;
        Ok(Some(values))
    }
}
