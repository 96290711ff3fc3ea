//! Lists of files: columns `file`, `label` and perhaps `split`, which is `train` or `test`.

use super::Table;
use crate::formats::files::Files;
use crate::raw::{Collection, Found, Labels};
use crate::{DataError, DataOptions};
use std::path::{Path, PathBuf};

/// Positions of the columns of a list, if it is one.
pub(super) fn columns(names: &[String]) -> Option<[Option<usize>; 3]> {
    let find = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.to_lowercase().as_str()));
    let columns = [find(&["file", "path", "filename"]), find(&["label", "class"]), find(&["split", "part"])];
    (columns[0].is_some() && columns[1].is_some()).then_some(columns)
}

/// Opens a list whose files are relative to its folder.
pub(super) fn open(
    table: &Table,
    [file, label, split]: [Option<usize>; 3],
    path: &Path,
    options: &DataOptions,
) -> Result<Found, DataError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut parts: [(Vec<PathBuf>, Vec<String>); 2] = Default::default();
    for (number, cells) in &table.lines {
        let cell = |column: Option<usize>| column.map_or("train", |column| cells[column].as_str());
        let part = match cell(split).to_lowercase().as_str() {
            "train" | "training" => 0,
            "test" | "testing" => 1,
            "validation" | "valid" | "val" => continue,
            other => {
                let (column, cell) = ("split".to_string(), other.chars().take(40).collect());
                return Err(DataError::Cell { line: *number, column, cell });
            }
        };
        let sample = folder.join(cell(file));
        if !sample.is_file() {
            return Err(DataError::NoData { path: sample }.within(format!("line {number}")));
        }
        parts[part].0.push(sample);
        parts[part].1.push(cell(label).to_string());
    }
    let collection =
        |(paths, names)| Collection::files(Files { paths, options: options.clone() }, Labels::Names(names));
    let [train, test] = parts;
    let test = (!test.0.is_empty()).then(|| collection(test));
    Ok(Found { train: collection(train), test, names: vec![] })
}
