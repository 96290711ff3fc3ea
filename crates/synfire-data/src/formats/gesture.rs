//! DVS128 Gesture: AEDAT 3.1 recordings, whose parts `NAME_labels.csv` gives classes, and lists of training and test
//! recordings, `trials_to_train.txt` and `trials_to_test.txt`.

mod trial;

use super::{Format, Probe};
use crate::raw::{Collection, Found, Labels, RawSamples};
use crate::{DataError, DataOptions, Raw, Recording};
use std::path::Path;
use trial::Trial;

pub(super) const FORMAT: Format = Format {
    name: "DVS128 Gesture",
    recognises: |probe| probe.entries.iter().any(|path| path.ends_with("trials_to_train.txt")),
    open,
};

/// Parts of recordings.
#[derive(Debug)]
struct Parts {
    trials: Vec<Trial>,
    parts: Vec<Part>,
}

/// A part of a recording, one sample.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Index of the recording.
    trial: usize,
    /// Begin and end in µs.
    begin: u64,
    end: u64,
}

fn open(probe: &Probe, _: &DataOptions) -> Result<Found, DataError> {
    let [train, test] = ["trials_to_train.txt", "trials_to_test.txt"].map(|list| collection(&probe.path, list));
    Ok(Found { train: train?, test: Some(test?), names: vec![] })
}

fn collection(folder: &Path, list: &str) -> Result<Collection, DataError> {
    let list = folder.join(list);
    let read = |path: &Path| std::fs::read_to_string(path).map_err(DataError::io("read", path));
    let (mut trials, mut parts, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for trial in read(&list)?.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let recording = folder.join(trial);
        let table = recording.with_file_name(format!("{}_labels.csv", trial.strip_suffix(".aedat").unwrap_or(trial)));
        for (number, line) in read(&table)?.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let fields: Vec<Option<u64>> = line.split(',').map(|field| field.trim().parse().ok()).collect();
            let [Some(class), Some(begin), Some(end)] = fields[..] else {
                let found = format!("line {} is `{}`", number + 1, line.chars().take(40).collect::<String>());
                let error = DataError::format(FORMAT.name, 0, found, "class, begin and end in µs as whole numbers");
                return Err(error.within(table.display().to_string()));
            };
            parts.push(Part { trial: trials.len(), begin, end });
            labels.push(i64::try_from(class).unwrap_or(i64::MAX));
        }
        trials.push(Trial::new(recording));
    }
    if parts.is_empty() {
        return Err(DataError::EmptySplit { samples: 0, shape: vec![] }.within(list.display().to_string()));
    }
    Ok(Collection::files(Parts { trials, parts }, Labels::Numbers(labels)))
}

impl Parts {
    fn part(&self, index: usize) -> Result<(&Trial, Part), DataError> {
        let part = self.parts.get(index).ok_or(DataError::NoSample { index, samples: self.parts.len() })?;
        Ok((&self.trials[part.trial], *part))
    }
}

impl RawSamples for Parts {
    fn len(&self) -> usize {
        self.parts.len()
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        let (trial, Part { begin, end, .. }) = self.part(index)?;
        let mut events = trial.events(begin..end)?;
        events.iter_mut().for_each(|event| event.time -= begin);
        Ok(Raw::Events(Recording::new(events, Some([128, 128]), false)))
    }

    fn name(&self, index: usize) -> String {
        self.part(index).map_or_else(
            |_| String::new(),
            |(trial, Part { begin, end, .. })| format!("{} {begin}..{end}", trial.path().display()),
        )
    }

    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
        let (trial, Part { begin, end, .. }) = self.part(index)?;
        let mut stamp = [begin, end].map(u64::to_le_bytes).concat();
        stamp.extend(trial.bytes(begin..end)?);
        Ok(stamp)
    }
}
