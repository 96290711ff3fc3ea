//! Folders with the four IDX files of MNIST-style data sets.

use super::{
    Format, Probe, entries,
    idx::{IdxArray, Images, labels},
};
use crate::raw::{Collection, Found, Labels, Source};
use crate::{DataError, DataOptions};
use std::path::{Path, PathBuf};

pub(super) const FORMAT: Format = Format { name: "IDX", recognises, open };

/// Content of a file in words, and the names it may have.
type Names = (&'static str, &'static [&'static str]);

const TRAIN_IMAGES: Names = ("training images", &["train-images-idx3-ubyte", "train-images.idx3-ubyte"]);
const TRAIN_LABELS: Names = ("training labels", &["train-labels-idx1-ubyte", "train-labels.idx1-ubyte"]);
const TEST_IMAGES: Names =
    ("test images", &["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte", "test-images-idx3-ubyte"]);
const TEST_LABELS: Names =
    ("test labels", &["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte", "test-labels-idx1-ubyte"]);

/// Whether one of the four files is there.
fn recognises(probe: &Probe) -> bool {
    let all = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];
    probe.is_folder && all.iter().any(|names| find(&probe.path, names).is_ok())
}

fn open(probe: &Probe, _: &DataOptions) -> Result<Found, DataError> {
    let train = collection(&probe.path, &TRAIN_IMAGES, &TRAIN_LABELS)?;
    let test = collection(&probe.path, &TEST_IMAGES, &TEST_LABELS)?;
    Ok(Found { train, test: Some(test), names: vec![] })
}

fn collection(folder: &Path, images: &Names, classes: &Names) -> Result<Collection, DataError> {
    let at = |path: &Path| path.display().to_string();
    let image_file = find(folder, images)?;
    let label_file = find(folder, classes)?;
    let images = Images::new(IdxArray::read(&image_file)?).map_err(|error| error.within(at(&image_file)))?;
    let labels = labels(IdxArray::read(&label_file)?).map_err(|error| error.within(at(&label_file)))?;
    let both = || format!("{} and {}", at(&image_file), at(&label_file));
    let images = images.without_labels(labels.len()).map_err(|error| error.within(both()))?;
    Ok(Collection { source: Source::Memory(images), labels: Labels::Numbers(labels) })
}

/// The first of the names, with or without `.gz`, that exists in the folder; or the only file whose name ends so, such as
/// `emnist-letters-train-images-idx3-ubyte`.
fn find(folder: &Path, (what, names): &Names) -> Result<PathBuf, DataError> {
    let candidates = names.iter().flat_map(|name| [name.to_string(), format!("{name}.gz")]);
    let looked_for: Vec<String> = candidates.collect();
    if let Some(found) = looked_for.iter().map(|name| folder.join(name)).find(|path| path.exists()) {
        return Ok(found);
    }
    let ends_so = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        looked_for.iter().any(|end| name.strip_suffix(end.as_str()).is_some_and(|rest| rest.ends_with('-')))
    };
    let mut longer = entries(folder)?.into_iter().filter(ends_so);
    match (longer.next(), longer.next()) {
        (Some(found), None) => Ok(found),
        _ => Err(DataError::MissingFile { what, folder: folder.to_path_buf(), looked_for }),
    }
}
