//! Files with the measures of a training: JSON lines and CSV.

use super::{EpochRecord, RunFolder};
use crate::Error;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Name of the file with a line of JSON for each epoch.
const LINES: &str = "metrics.jsonl";

/// Writes `metrics.jsonl` and `metrics.csv`.
pub(super) fn write(folder: &RunFolder, history: &[EpochRecord]) -> Result<(), Error> {
    let line = |record: &EpochRecord| serde_json::to_string(record).map(|line| line + "\n");
    let json: Result<String, _> = history.iter().map(line).collect();
    let refuse = |error| Error::file(folder.path().join(LINES), format!("the measures have no JSON form: {error}"));
    folder.write(LINES, json.map_err(refuse)?)?;
    folder.write("metrics.csv", csv(history))
}

/// Reads `metrics.jsonl` in a folder; none if there is no such file.
pub(super) fn read(folder: &Path) -> Result<Vec<EpochRecord>, Error> {
    let (path, text) = text(folder)?;
    text.lines().enumerate().map(|(i, line)| record(&path, i, line)).collect()
}

/// Reads the last line of `metrics.jsonl` in a folder; none if there is no such file or it is empty.
pub(super) fn read_last(folder: &Path) -> Result<Option<EpochRecord>, Error> {
    let (path, text) = text(folder)?;
    let last = text.lines().next_back();
    last.map(|line| record(&path, text.lines().count() - 1, line)).transpose()
}

/// The file, and what is in it.
fn text(folder: &Path) -> Result<(PathBuf, String), Error> {
    let path = folder.join(LINES);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok((path, text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok((path, String::new())),
        Err(error) => Err(Error::file(&path, format!("could not be read: {error}"))),
    }
}

/// The record in line number `i`, from 0.
fn record(path: &Path, i: usize, line: &str) -> Result<EpochRecord, Error> {
    serde_json::from_str(line).map_err(|error| Error::file(path, format!("line {} is damaged: {error}", i + 1)))
}

/// One row per epoch; layers and parameters have a column each, time constants three.
fn csv(history: &[EpochRecord]) -> String {
    let Some(first) = history.first() else { return String::new() };
    let (rates, norms) = (first.firing_rates.keys(), first.gradient_norms.keys());
    // a training that an earlier version began has none in its first epochs
    let taus = history.last().map(|last| last.time_constants.keys()).unwrap_or_default();
    let of_tau =
        |name: &String| ["mean", "minimum", "maximum"].map(|what| quoted(&format!("time_constant.{name}.{what}")));
    let columns = ["epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "learning_rate"]
        .map(String::from)
        .into_iter()
        .chain(rates.clone().map(|layer| quoted(&format!("firing_rate.{layer}"))))
        .chain(norms.clone().map(|name| quoted(&format!("gradient_norm.{name}"))))
        .chain(taus.clone().flat_map(of_tau));
    let mut table = columns.collect::<Vec<_>>().join(",") + "\n";
    let optional = |x: Option<f64>| x.map_or(String::new(), |x| x.to_string());
    for record in history {
        let mut row = vec![
            record.epoch.to_string(),
            record.train_loss.to_string(),
            optional(record.train_accuracy),
            optional(record.validation_loss),
            optional(record.validation_accuracy),
            record.learning_rate.to_string(),
        ];
        row.extend(rates.clone().map(|layer| optional(record.firing_rates.get(layer).copied())));
        row.extend(norms.clone().map(|name| optional(record.gradient_norms.get(name).copied())));
        row.extend(taus.clone().flat_map(|name| {
            let tau = record.time_constants.get(name);
            [tau.map(|tau| tau.mean), tau.map(|tau| tau.minimum), tau.map(|tau| tau.maximum)].map(optional)
        }));
        // a string takes every line
        let _ = writeln!(table, "{}", row.join(","));
    }
    table
}

/// A field of a CSV file, in quotes where its characters would end it (RFC 4180).
fn quoted(field: &str) -> String {
    match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_read_as_they_were_written() {
        let parent = tempfile::tempdir().unwrap();
        assert_eq!(read(parent.path()).unwrap(), []);
        assert_eq!(read_last(parent.path()).unwrap(), None);
        let folder = RunFolder::create(parent.path().join("run")).unwrap();
        let record =
            |epoch| EpochRecord { epoch, train_loss: 0.1 + 0.2, validation_loss: Some(0.7), ..Default::default() };
        let history = [record(1), record(2)];
        write(&folder, &history).unwrap();
        assert_eq!(read(folder.path()).unwrap(), history);
        assert_eq!(read_last(folder.path()).unwrap(), Some(record(2)));
        std::fs::write(folder.path().join(LINES), "{}").unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("metrics.jsonl: line 1 is damaged"), "{error}");
    }
}
