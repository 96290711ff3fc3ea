//! Files with the measures of a training: JSON lines and CSV.

use super::{EpochRecord, RunFolder};
use crate::Error;
use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

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
    let path = folder.join(LINES);
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
        text => text.map_err(|error| Error::file(&path, format!("could not be read: {error}")))?,
    };
    let damaged = |i: usize, error| Error::file(&path, format!("line {} is damaged: {error}", i + 1));
    text.lines().enumerate().map(|(i, line)| serde_json::from_str(line).map_err(|error| damaged(i, error))).collect()
}

/// Reads the last line of `metrics.jsonl` in a folder; none if there is no such file or it is empty. Of a long file only the end
/// is read.
pub(super) fn read_last(folder: &Path) -> Result<Option<EpochRecord>, Error> {
    let path = folder.join(LINES);
    let refuse = |error| Error::file(&path, format!("could not be read: {error}"));
    let mut file = match std::fs::File::open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.map_err(refuse)?,
    };
    let size = file.metadata().map_err(refuse)?.len();
    let mut length = END;
    loop {
        let from = size.saturating_sub(length);
        let mut end = vec![];
        file.seek(SeekFrom::Start(from)).and_then(|_| file.read_to_end(&mut end)).map_err(refuse)?;
        let end = end.trim_ascii_end();
        let start = end.iter().rposition(|&byte| byte == b'\n').map(|newline| newline + 1);
        if from == 0 || start.is_some() {
            let line = &end[start.unwrap_or(0)..];
            let damaged = |error| Error::file(&path, format!("the last line is damaged: {error}"));
            return if line.is_empty() { Ok(None) } else { serde_json::from_slice(line).map(Some).map_err(damaged) };
        }
        length *= 4;
    }
}

/// Bytes at the end of a file in which its last line is looked for first.
const END: u64 = 4096;

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
        // a line that is longer than the end that is read first
        let rates = (0..1000).map(|i| (format!("layers.{i}"), 0.25)).collect();
        let long = [record(1), EpochRecord { firing_rates: rates, ..record(2) }];
        write(&folder, &long).unwrap();
        assert_eq!(read_last(folder.path()).unwrap().as_ref(), long.last());
        std::fs::write(folder.path().join(LINES), "{}").unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("metrics.jsonl: line 1 is damaged"), "{error}");
        let error = read_last(folder.path()).unwrap_err().to_string();
        assert!(error.contains("metrics.jsonl: the last line is damaged"), "{error}");
    }
}
