//! CSV files: a sample in each line, features and a target; or a list of files, `file,label` and perhaps `split`.

mod list;

use super::{Format, Probe, text};
use crate::raw::{Collection, Found, Labels, Source};
use crate::{Batch, DataError, DataOptions};
use std::path::Path;

pub(super) const FORMAT: Format = Format { name: "CSV", recognises, open };

/// Names of the column with the target, if options name none.
const TARGETS: [&str; 4] = ["label", "class", "target", "y"];

fn recognises(probe: &Probe) -> bool {
    let line = text::first_line(&probe.head);
    line.contains([',', ';', '\t'])
}

/// A CSV file in memory.
struct Table {
    /// Names of the columns; `column 3` where there is no heading.
    names: Vec<String>,
    /// Cells of each line, and the number of the line.
    lines: Vec<(u64, Vec<String>)>,
}

fn open(probe: &Probe, options: &DataOptions) -> Result<Found, DataError> {
    let table = Table::read(&probe.path)?;
    let found = match list::columns(&table.names) {
        Some(columns) => list::open(&table, columns, &probe.path, options),
        None => table.samples(options),
    };
    found.map_err(|error| error.within(probe.path.display().to_string()))
}

impl Table {
    fn read(path: &Path) -> Result<Self, DataError> {
        let bytes = std::fs::read(path).map_err(DataError::io("read", path))?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        Self::parse(bytes).map_err(|error| error.within(path.display().to_string()))
    }

    fn parse(bytes: &[u8]) -> Result<Self, DataError> {
        let first = text::first_line(bytes);
        let separator = [',', ';', '\t'].into_iter().find(|&separator| first.contains(separator)).unwrap_or(',');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(separator as u8)
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let at = error.position().map_or(0, csv::Position::byte) as usize;
                DataError::format(
                    FORMAT.name,
                    at,
                    error.to_string(),
                    "UTF-8 text with as many cells in each line as in the first",
                )
            })?;
            let number = record.position().map_or(0, csv::Position::line);
            lines.push((number, record.iter().map(String::from).collect::<Vec<_>>()));
        }
        let Some((_, first)) = lines.first() else {
            return Err(DataError::format(FORMAT.name, 0, "no line", "a line for each sample"));
        };
        let is_heading = first.iter().all(|cell| cell.parse::<f64>().is_err());
        let names = match is_heading {
            true => lines.remove(0).1,
            false => (1..=first.len()).map(|column| format!("column {column}")).collect(),
        };
        if lines.is_empty() {
            return Err(DataError::format(FORMAT.name, bytes.len(), "a heading alone", "a line for each sample"));
        }
        Ok(Table { names, lines })
    }

    /// Position of a column.
    fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|found| found.eq_ignore_ascii_case(name))
    }

    fn samples(&self, options: &DataOptions) -> Result<Found, DataError> {
        let targets = self.targets(options)?;
        let features: Vec<usize> = (0..self.names.len()).filter(|column| !targets.contains(column)).collect();
        if features.is_empty() {
            let found = format!("the columns {}", self.names.join(", "));
            return Err(DataError::format(FORMAT.name, 0, found, "a column of a feature beside those of targets"));
        }
        let labels = if options.targets.is_empty() { self.labels(targets[0])? } else { self.vectors(&targets)? };
        let mut values = Vec::with_capacity(self.lines.len() * features.len());
        for line in &self.lines {
            for &column in &features {
                values.push(self.number(line, column)?);
            }
        }
        let source = Source::Memory(Batch::without_targets(values, [features.len()]));
        Ok(Found::whole(Collection { source, labels }))
    }

    /// Columns of the target.
    fn targets(&self, options: &DataOptions) -> Result<Vec<usize>, DataError> {
        let unknown = |name: &String| {
            let problem = format!("has `{name}`; expected some of the columns {}", self.names.join(", "));
            DataError::option("targets", problem)
        };
        if !options.targets.is_empty() {
            return options.targets.iter().map(|name| self.column(name).ok_or_else(|| unknown(name))).collect();
        }
        let named = TARGETS.iter().find_map(|name| self.column(name));
        Ok(vec![named.unwrap_or(self.names.len() - 1)])
    }

    /// Classes of a column of whole numbers or words, or vectors of one value where there are fractions.
    fn labels(&self, column: usize) -> Result<Labels, DataError> {
        let cells = || self.lines.iter().map(|(_, cells)| cells[column].as_str());
        if let Some(numbers) = cells().map(|cell| cell.parse().ok()).collect() {
            return Ok(Labels::Numbers(numbers));
        }
        match cells().next().is_some_and(|cell| cell.parse::<f64>().is_ok()) {
            true => self.vectors(&[column]),
            false => Ok(Labels::Names(cells().map(String::from).collect())),
        }
    }

    fn vectors(&self, columns: &[usize]) -> Result<Labels, DataError> {
        let mut values = Vec::with_capacity(self.lines.len() * columns.len());
        for line in &self.lines {
            for &column in columns {
                values.push(self.number(line, column)?);
            }
        }
        Ok(Labels::Vectors { values, len: columns.len() })
    }

    fn number(&self, (number, cells): &(u64, Vec<String>), column: usize) -> Result<f32, DataError> {
        let value: Option<f32> = cells[column].parse().ok().filter(|value: &f32| value.is_finite());
        value.ok_or_else(|| {
            let cell: String = cells[column].chars().take(40).collect();
            DataError::Cell { line: *number, column: self.names[column].clone(), cell }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Values;

    fn samples(text: &str, options: &DataOptions) -> Result<(Values, Labels), DataError> {
        let found = Table::parse(text.as_bytes())?.samples(options)?;
        let Source::Memory(batch) = found.train.source else { panic!() };
        Ok((batch.values, found.train.labels))
    }

    #[test]
    fn targets_are_classes_words_or_values() {
        let plain = DataOptions::default();
        let (values, labels) = samples("a,label,b\n1,7,2\n3,9,4.5\n", &plain).unwrap();
        assert_eq!((values, labels), (Values::Floats(vec![1.0, 2.0, 3.0, 4.5]), Labels::Numbers(vec![7, 9])));
        let (_, labels) = samples("1;2;cat\n3;4;dog\n", &plain).unwrap();
        assert_eq!(labels, Labels::Names(vec!["cat".into(), "dog".into()]));
        let (_, labels) = samples("a,b\n1,0.5\n2,1\n", &plain).unwrap();
        assert_eq!(labels, Labels::Vectors { values: vec![0.5, 1.0], len: 1 });
        let two = DataOptions { targets: vec!["c".into(), "a".into()], ..plain };
        let (values, labels) = samples("a,b,c\n1,2,3\n", &two).unwrap();
        assert_eq!((values, labels), (Values::Floats(vec![2.0]), Labels::Vectors { values: vec![3.0, 1.0], len: 2 }));
    }

    #[test]
    fn what_is_no_number_is_named_by_line_and_column() {
        let error = |text: &str| samples(text, &DataOptions::default()).unwrap_err().to_string();
        let cell = error("a,b\n1,0\nx y,1\n");
        assert!(cell.contains("line 3, column `a`") && cell.contains("`x y`"), "{cell}");
        assert!(error("a,b\n1,0\n1\n").contains("as many cells"), "{}", error("a,b\n1,0\n1\n"));
        assert!(error("a,b\n").contains("a heading alone"));
        assert!(error("a,b\n1,0\nnan,1\n").contains("`nan`"));
    }
}
