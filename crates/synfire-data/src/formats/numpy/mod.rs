//! NumPy's arrays: data sets in `.npz` archives or folders of `.npy` files, and single samples in `.npy` or `.npz`.

mod element;
mod events;
pub(crate) mod header;
pub(crate) mod npy;
pub(crate) mod npz;
mod rows;

use super::{Format, Probe, SampleFormat};
use crate::raw::{Collection, Found, Labels, Source};
use crate::{Batch, DataError, DataOptions, Raw};
use npy::Array;
use npz::Archive;
use rows::Rows;

pub(super) const FORMAT: Format = Format { name: "NumPy arrays", recognises, open };

pub(super) const SAMPLES: [SampleFormat; 2] = [
    SampleFormat { name: "npy", recognises: |head, _| head.starts_with(b"\x93NUMPY"), read: read_sample },
    SampleFormat { name: "npz", recognises: |head, _| head.starts_with(b"PK\x03\x04"), read: npz::read_sample },
];

/// Files of more bytes are read sample by sample.
const LARGE: u64 = 1 << 28;

/// Names of the arrays of a part: values, targets, lengths of series.
type Names = [&'static [&'static str]; 3];

const TRAIN: Names = [
    &["x_train", "train_x", "train_images", "images_train", "train_data", "data_train"],
    &["y_train", "train_y", "train_labels", "labels_train", "train_targets", "targets_train"],
    &["lengths_train", "train_lengths"],
];
const TEST: Names = [
    &["x_test", "test_x", "test_images", "images_test", "test_data", "data_test"],
    &["y_test", "test_y", "test_labels", "labels_test", "test_targets", "targets_test"],
    &["lengths_test", "test_lengths"],
];
const WHOLE: Names = [
    &["x", "images", "data", "features", "inputs"],
    &["y", "labels", "label", "targets", "target", "classes"],
    &["lengths"],
];

fn recognises(probe: &Probe) -> bool {
    let archive = Archive::files(&probe.entries);
    probe.head.starts_with(b"PK\x03\x04") || archive.find(TRAIN[0]).or(archive.find(WHOLE[0])).is_some()
}

fn open(probe: &Probe, _: &DataOptions) -> Result<Found, DataError> {
    arrays(probe).map_err(|error| match error {
        DataError::Format { .. } => error.within(probe.path.display().to_string()),
        other => other,
    })
}

fn arrays(probe: &Probe) -> Result<Found, DataError> {
    let archive = if probe.is_folder { Archive::files(&probe.entries) } else { Archive::zip(&probe.path)? };
    let names = match archive.find(&["class_names"]) {
        Some(name) => archive.array(&name)?.texts(),
        None => vec![],
    };
    if let Some(found) = events::open(&archive)? {
        return Ok(Found { names, ..found });
    }
    if archive.find(TRAIN[0]).is_some() {
        let test = archive.find(TEST[0]).map(|_| part(&archive, &TEST)).transpose()?;
        return Ok(Found { train: part(&archive, &TRAIN)?, test, names });
    }
    Ok(Found { names, ..Found::whole(part(&archive, &WHOLE)?) })
}

fn part(archive: &Archive, names: &Names) -> Result<Collection, DataError> {
    let find = |names: &[&str], what: &str| {
        archive.find(names).ok_or_else(|| {
            let expected = format!("{what} under one of the names {}", names.join(", "));
            DataError::format("npz", 0, format!("the arrays {}", archive.list()), expected)
        })
    };
    let (values, targets) = (find(names[0], "values")?, find(names[1], "targets")?);
    let labels = labels(archive.array(&targets)?).map_err(|error| error.within(archive.place(&targets)))?;
    if let Some(file) = archive.file(&values).filter(|file| file.metadata().is_ok_and(|about| about.len() > LARGE)) {
        return Ok(Collection::files(Rows::open(&file)?, labels));
    }
    let array = archive.array(&values)?;
    let (samples, shape) = match &array.shape[..] {
        [samples] => (*samples, vec![1]),
        [samples, shape @ ..] => (*samples, shape.to_vec()),
        [] => {
            let error = DataError::format(npy::FORMAT, 0, "a single value", "an array [samples, ..]");
            return Err(error.within(archive.place(&values)));
        }
    };
    let lengths = match archive.find(names[2]) {
        Some(name) => {
            let lengths = archive.array(&name)?.integers();
            lengths.into_iter().map(|length| usize::try_from(length).unwrap_or(0)).collect()
        }
        None => vec![],
    };
    if samples != labels.len() {
        let place = format!("{} and {}", archive.place(&values), targets);
        return Err(DataError::TargetCount { samples, targets: labels.len() }.within(place));
    }
    if let (Labels::PerStep { steps, .. }, [features]) = (&labels, &shape[..]) {
        let found = format!("whole numbers [samples, {steps}] for samples of {features} features");
        let expected = "a class [samples], or vectors [samples, values] of floats; a class for each step is of series";
        return Err(DataError::format(npy::FORMAT, 0, found, expected).within(archive.place(&targets)));
    }
    let batch = Batch { lengths, ..Batch::without_targets(array.into_values(), shape) };
    Ok(Collection { source: Source::Memory(batch), labels })
}

/// Targets: classes of whole numbers or text, vectors of floats.
fn labels(array: Array) -> Result<Labels, DataError> {
    let is_column = matches!(array.shape[..], [_] | [_, 1]);
    match (array.is_text(), array.is_integer()) {
        (true, _) if is_column => Ok(Labels::Names(array.texts())),
        (false, true) if is_column => Ok(Labels::Numbers(array.integers())),
        (false, true) if array.shape.len() == 2 => {
            Ok(Labels::PerStep { steps: array.shape[1], classes: array.integers() })
        }
        (false, false) if matches!(array.shape.len(), 1 | 2) => {
            let len = array.shape.get(1).copied().unwrap_or(1);
            Ok(Labels::Vectors { values: array.floats(), len })
        }
        _ => {
            let found = format!("targets of shape {:?}", array.shape);
            Err(DataError::format(npy::FORMAT, 0, found, "a class for each sample, or a vector"))
        }
    }
}

fn read_sample(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let header = header::Header::parse(bytes, bytes.len() as u64)?;
    if header.element().is_err() {
        return events::records(&Array::parse_records(bytes)?);
    }
    Array::parse(bytes)?.into_sample()
}
