//! Folders with the four IDX files of MNIST-style data sets.

use super::{
    Format,
    idx::{IdxArray, Images, labels},
};
use crate::{DataError, Dataset, Split};
use std::path::{Path, PathBuf};

pub(super) const FORMAT: Format = Format { recognises: Path::is_dir, open };

/// Content of a file in words, and the names it may have.
type Names = (&'static str, [&'static str; 2]);

const TRAIN_IMAGES: Names = ("training images", ["train-images-idx3-ubyte", "train-images.idx3-ubyte"]);
const TRAIN_LABELS: Names = ("training labels", ["train-labels-idx1-ubyte", "train-labels.idx1-ubyte"]);
const TEST_IMAGES: Names = ("test images", ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"]);
const TEST_LABELS: Names = ("test labels", ["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"]);

fn open(folder: &Path) -> Result<Dataset, DataError> {
    let train = split(folder, &TRAIN_IMAGES, &TRAIN_LABELS)?;
    let test = split(folder, &TEST_IMAGES, &TEST_LABELS)?;
    let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
    Dataset::new(name, train, test).map_err(|error| error.within(folder.display().to_string()))
}

fn split(folder: &Path, images: &Names, classes: &Names) -> Result<Split, DataError> {
    let at = |path: &Path| path.display().to_string();
    let image_file = find(folder, images)?;
    let label_file = find(folder, classes)?;
    let images = Images::new(IdxArray::read(&image_file)?).map_err(|error| error.within(at(&image_file)))?;
    let labels = labels(IdxArray::read(&label_file)?).map_err(|error| error.within(at(&label_file)))?;
    let both = || format!("{} and {}", at(&image_file), at(&label_file));
    images.with_labels(labels).map_err(|error| error.within(both()))
}

/// The first of the names, with or without `.gz`, that exists in the folder.
fn find(folder: &Path, (what, names): &Names) -> Result<PathBuf, DataError> {
    let candidates = names.iter().flat_map(|name| [name.to_string(), format!("{name}.gz")]);
    let looked_for: Vec<String> = candidates.collect();
    let found = looked_for.iter().map(|name| folder.join(name)).find(|path| path.exists());
    found.ok_or_else(|| DataError::MissingFile { what, folder: folder.to_path_buf(), looked_for })
}
