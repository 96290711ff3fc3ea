//! The input of a simulation, from what `--current` says.

use anyhow::{anyhow, bail, ensure};
use std::path::Path;
use synfire::neuron::{Current, MOST_STEPS};

/// A current, and how long it lasts if a file has it.
pub(super) struct Given {
    current: Current,
    /// Number of rows, and the file that they come from.
    rows: Option<(usize, String)>,
}

impl Given {
    pub(super) fn read(text: &str) -> anyhow::Result<Self> {
        let problem = match text.parse() {
            Ok(current) => return Ok(Given { current, rows: None }),
            Err(problem) => problem,
        };
        if Path::new(text).exists() {
            let rows = rows(text)?;
            let count = rows.len();
            return Ok(Given { current: Current::Values(rows), rows: Some((count, text.to_string())) });
        }
        match problem == expected() {
            true => bail!("--current {text}: there is no such file; {problem}, or a CSV file"),
            false => bail!("--current {text}: {problem}"),
        }
    }

    /// Steps that it lasts, if it ends.
    pub(super) fn steps(&self) -> Option<usize> {
        self.rows.as_ref().map(|(rows, _)| *rows)
    }

    /// Its values at the first `steps` steps of `dt` ms.
    pub(super) fn over(&self, steps: usize, dt: f64) -> anyhow::Result<Vec<f32>> {
        if let Some((there, file)) = &self.rows {
            ensure!(
                steps <= *there,
                "{file}: has {there} rows, the time has {steps} steps of {dt} ms; give at most --time {}",
                *there as f64 * dt
            );
        }
        Ok(self.current.over(steps, dt))
    }
}

fn expected() -> String {
    format!("expected {}", Current::EXPECTED)
}

/// The numbers of a CSV file: its only column, or the one named `input` or `current`.
fn rows(file: &str) -> anyhow::Result<Vec<f64>> {
    ensure!(!Path::new(file).is_dir(), "--current {file}: is a folder; {}, or a CSV file", expected());
    let reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_path(file);
    let mut reader = reader.map_err(|error| anyhow!("{file}: could not be read: {error}"))?;
    let mut column = None;
    let mut rows = Vec::new();
    for (i, record) in reader.records().enumerate() {
        let line = i + 1;
        ensure!(rows.len() < MOST_STEPS, "{file}: has more than {MOST_STEPS} rows; expected at most that");
        let record = record.map_err(|error| anyhow!("{file}: {error}"))?;
        let chosen = match column {
            Some(chosen) => chosen,
            None => {
                let named = record.iter().position(|name| ["input", "current"].contains(&name));
                let chosen = match (named, record.len()) {
                    (Some(named), _) => named,
                    (None, 1) => 0,
                    (None, columns) => bail!(
                        "{file}: has {columns} columns and no heading `input` or `current`; expected one column, or one of that name"
                    ),
                };
                column = Some(chosen);
                if record[chosen].parse::<f64>().is_err()
                    && (named.is_some() || line == 1)
                    && is_heading(&record[chosen])
                {
                    continue;
                }
                chosen
            }
        };
        let value = record[chosen].parse::<f64>().ok().filter(|value| (*value as f32).is_finite());
        rows.push(
            value.ok_or_else(|| anyhow!("{file}: line {line} has `{}`; expected a finite number", &record[chosen]))?,
        );
    }
    ensure!(!rows.is_empty(), "{file}: has no rows; expected a number for each step");
    Ok(rows)
}

/// A name, and not a number gone wrong.
fn is_heading(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic())
}
