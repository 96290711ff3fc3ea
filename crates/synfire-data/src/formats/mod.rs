//! File formats: one file each, and one line in [`FORMATS`].

mod arrays;
mod digits;
pub(crate) mod idx;
mod idx_folder;
#[cfg(feature = "pictures")]
pub(crate) mod picture;

use crate::{DataError, Dataset};
use std::path::Path;

/// A kind of file or folder that holds a data set.
pub(crate) struct Format {
    /// Whether a path looks like one, judged by what is there and not by its name.
    pub(crate) recognises: fn(&Path) -> bool,
    /// Opens it. Errors name the file, what was expected and the cure.
    pub(crate) open: fn(&Path) -> Result<Dataset, DataError>,
}

/// All formats; the first that recognises a path opens it.
const FORMATS: &[Format] = &[idx_folder::FORMAT];

/// Opens a data set of any format.
pub(crate) fn open(path: &Path) -> Result<Dataset, DataError> {
    match FORMATS.iter().find(|format| (format.recognises)(path)) {
        Some(format) => (format.open)(path),
        None => Err(DataError::NotAFolder { path: path.to_path_buf() }),
    }
}
