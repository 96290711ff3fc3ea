//! DVS128 Gesture: AEDAT 3.1 recordings, whose parts `NAME_labels.csv` gives classes, and lists of training and test
//! recordings, `trials_to_train.txt` and `trials_to_test.txt`.

use super::events::aedat3;
use super::{Format, Probe};
use crate::raw::{Collection, Found, Labels, RawSamples};
use crate::{DataError, DataOptions, Raw, Recording};
use std::path::{Path, PathBuf};

pub(super) const FORMAT: Format = Format {
    name: "DVS128 Gesture",
    recognises: |probe| probe.entries.iter().any(|path| path.ends_with("trials_to_train.txt")),
    open,
};

/// Parts of recordings, by file, beginning and end in µs.
#[derive(Debug)]
struct Parts(Vec<(PathBuf, u64, u64)>);

fn open(probe: &Probe, _: &DataOptions) -> Result<Found, DataError> {
    let [train, test] = ["trials_to_train.txt", "trials_to_test.txt"].map(|list| collection(&probe.path, list));
    Ok(Found { train: train?, test: Some(test?), names: vec![] })
}

fn collection(folder: &Path, list: &str) -> Result<Collection, DataError> {
    let list = folder.join(list);
    let read = |path: &Path| std::fs::read_to_string(path).map_err(DataError::io("read", path));
    let (mut parts, mut labels) = (Vec::new(), Vec::new());
    for trial in read(&list)?.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let recording = folder.join(trial);
        let table = recording.with_file_name(format!("{}_labels.csv", trial.strip_suffix(".aedat").unwrap_or(trial)));
        for (number, line) in read(&table)?.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let fields: Vec<Option<u64>> = line.split(',').map(|field| field.trim().parse().ok()).collect();
            let [Some(class), Some(start), Some(end)] = fields[..] else {
                let found = format!("line {} is `{}`", number + 1, line.chars().take(40).collect::<String>());
                let error = DataError::format(FORMAT.name, 0, found, "class, begin and end in µs as whole numbers");
                return Err(error.within(table.display().to_string()));
            };
            parts.push((recording.clone(), start, end));
            labels.push(i64::try_from(class).unwrap_or(i64::MAX));
        }
    }
    if parts.is_empty() {
        return Err(DataError::EmptySplit { samples: 0, shape: vec![] }.within(list.display().to_string()));
    }
    Ok(Collection::files(Parts(parts), Labels::Numbers(labels)))
}

impl RawSamples for Parts {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        let (path, start, end) = self.0.get(index).ok_or(DataError::NoSample { index, samples: self.0.len() })?;
        let bytes = std::fs::read(path).map_err(DataError::io("read", path.as_path()))?;
        let mut events = aedat3::events(&bytes).map_err(|error| error.within(path.display().to_string()))?;
        events.retain(|event| (*start..*end).contains(&event.time));
        events.iter_mut().for_each(|event| event.time -= start);
        Ok(Raw::Events(Recording::new(events, Some([128, 128]), false)))
    }

    fn name(&self, index: usize) -> String {
        self.0.get(index).map(|(path, start, end)| format!("{} {start}..{end}", path.display())).unwrap_or_default()
    }

    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
        let Some((path, start, end)) = self.0.get(index) else {
            return Err(DataError::NoSample { index, samples: self.0.len() });
        };
        let about = path.metadata().map_err(DataError::io("open", path.as_path()))?;
        Ok([about.len(), *start, *end].iter().flat_map(|n| n.to_le_bytes()).collect())
    }
}
