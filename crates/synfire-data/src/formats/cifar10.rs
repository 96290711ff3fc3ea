//! CIFAR-10's binary files: folders with `data_batch_1.bin` .. and `test_batch.bin`.
//!
//! Records of 3073 bytes: a label, and 1024 red, 1024 green and 1024 blue values of a picture of 32 x 32, row by row.

use super::{Format, Probe};
use crate::raw::{Collection, Found, Labels, Source};
use crate::{Batch, DataError, DataOptions};
use std::path::{Path, PathBuf};

pub(super) const FORMAT: Format = Format { name: "CIFAR-10", recognises: |probe| !batches(probe).is_empty(), open };

const SHAPE: [usize; 3] = [3, 32, 32];
const RECORD: usize = 1 + 3 * 32 * 32;

fn batches(probe: &Probe) -> Vec<&PathBuf> {
    probe
        .entries
        .iter()
        .filter(|path| named(path, |name| name.starts_with("data_batch") && name.ends_with(".bin")))
        .collect()
}

fn named(path: &Path, is: impl Fn(&str) -> bool) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(is)
}

fn open(probe: &Probe, _: &DataOptions) -> Result<Found, DataError> {
    let test: Vec<&PathBuf> =
        probe.entries.iter().filter(|path| named(path, |name| name == "test_batch.bin")).collect();
    let test = if test.is_empty() { None } else { Some(collection(&test)?) };
    Ok(Found { train: collection(&batches(probe))?, test, names: names(&probe.path) })
}

/// Names of the classes in `batches.meta.txt`, one a line, if it is there.
fn names(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("batches.meta.txt")).unwrap_or_default();
    text.lines().map(str::trim).filter(|line| !line.is_empty()).take(crate::MAX_CLASSES).map(String::from).collect()
}

fn collection(files: &[&PathBuf]) -> Result<Collection, DataError> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for path in files {
        let bytes = std::fs::read(path).map_err(DataError::io("read", path.as_path()))?;
        let (records, rest) = bytes.as_chunks::<RECORD>();
        if records.is_empty() || !rest.is_empty() {
            let found = format!("{} bytes", bytes.len());
            let error = DataError::format(FORMAT.name, records.len() * RECORD, found, "3073 bytes for each picture");
            return Err(error.within(path.display().to_string()));
        }
        for [label, picture @ ..] in records {
            labels.push(i64::from(*label));
            pixels.extend_from_slice(picture);
        }
    }
    let source = Source::Memory(Batch::without_targets(pixels, SHAPE));
    Ok(Collection { source, labels: Labels::Numbers(labels) })
}
