//! Folders with one entry for training and one for testing: `Train/` and `Test/`, `train.npz` and `test.npz`,
//! `shd_train.h5` and `shd_test.h5`.

use super::{Format, Probe, find};
use crate::raw::Found;
use crate::{DataError, DataOptions};
use std::path::PathBuf;

pub(super) const FORMAT: Format =
    Format { name: "training and test part", recognises: |probe| parts(probe).is_some(), open };

fn open(probe: &Probe, options: &DataOptions) -> Result<Found, DataError> {
    let Some([train, test]) = parts(probe) else { return Err(DataError::NoData { path: probe.path.clone() }) };
    let [train, test] = [find(train, options)?, find(test, options)?];
    Ok(Found { train: train.train, test: Some(test.train), names: train.names })
}

/// The entries for training and for testing, if there is one of each kind.
fn parts(probe: &Probe) -> Option<[&PathBuf; 2]> {
    let only = |word: &str| {
        let has = |path: &&PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
            let stem = name.split('.').next().unwrap_or_default();
            stem.split(['_', '-', ' ']).any(|part| part == word || part == format!("{word}ing"))
        };
        let mut found = probe.entries.iter().filter(has);
        found.next().filter(|_| found.next().is_none())
    };
    Some([only("train")?, only("test")?]).filter(|[train, test]| train.is_dir() == test.is_dir())
}
