//! The file names of MNIST-style folders.

use crate::DataError;
use std::path::{Path, PathBuf};

/// What a file holds, in words, and the names it may have.
type Names = (&'static str, [&'static str; 2]);

pub(super) const TRAIN_IMAGES: Names = ("training images", ["train-images-idx3-ubyte", "train-images.idx3-ubyte"]);
pub(super) const TRAIN_LABELS: Names = ("training labels", ["train-labels-idx1-ubyte", "train-labels.idx1-ubyte"]);
pub(super) const TEST_IMAGES: Names = ("test images", ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"]);
pub(super) const TEST_LABELS: Names = ("test labels", ["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"]);

/// The first of the names, with or without `.gz`, that exists in the folder.
pub(super) fn find(folder: &Path, (what, names): &Names) -> Result<PathBuf, DataError> {
    let candidates = names.iter().flat_map(|name| [name.to_string(), format!("{name}.gz")]);
    let looked_for: Vec<String> = candidates.collect();
    let found = looked_for.iter().map(|name| folder.join(name)).find(|path| path.exists());
    found.ok_or_else(|| DataError::MissingFile { what, folder: folder.to_path_buf(), looked_for })
}
