//! The results of a sweep as a table.

use super::folder::{State, SweepFolder};
use super::halving;
use super::plan::{Plan, Run};
use super::settings::Halving;
use crate::table::Table;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use synfire::train::RunResult;

/// All runs, and the points by the mean of their seeds.
#[derive(Serialize)]
pub(super) struct SweepTable {
    pub(super) points: Vec<PointRow>,
    runs: Vec<RunRow>,
    #[serde(skip)]
    keys: Vec<String>,
}

/// A point: the mean over its seeds.
#[derive(Serialize)]
pub(super) struct PointRow {
    pub(super) settings: BTreeMap<String, toml::Value>,
    /// Runs that came to their end.
    pub(super) done: usize,
    /// Runs in all.
    of: usize,
    /// Mean test accuracy in [0, 1], or test loss where targets are no classes, of the runs that came to their end.
    pub(super) measure: Option<f64>,
    /// Standard deviation over the seeds; of one seed there is none.
    deviation: Option<f64>,
}

/// A run. Nothing in it depends on how long it took or how often it was stopped.
#[derive(Serialize)]
struct RunRow {
    run: usize,
    settings: BTreeMap<String, toml::Value>,
    seed: u64,
    state: &'static str,
    epochs: usize,
    validation_loss: Option<f64>,
    validation_accuracy: Option<f64>,
    test_loss: Option<f64>,
    test_accuracy: Option<f64>,
    /// Reason of a failure.
    reason: Option<String>,
}

/// The table of what there is.
pub(super) fn of(folder: &SweepFolder, plan: &Plan, halving: Option<Halving>) -> anyhow::Result<SweepTable> {
    let given_up = halving::given_up(folder, plan, halving)?;
    let row = |run: &Run| run_row(folder, run, given_up.contains_key(&run.index));
    let runs = plan.runs.iter().map(row).collect::<anyhow::Result<Vec<_>>>()?;
    let mut points: BTreeMap<usize, Vec<&RunRow>> = BTreeMap::new();
    plan.runs.iter().zip(&runs).for_each(|(run, row)| points.entry(run.point).or_default().push(row));
    let mut points: Vec<PointRow> = points.into_values().map(|rows| point_row(&rows)).collect();
    let are_classes = runs.iter().any(|run| run.test_accuracy.is_some());
    // the best first; those without a result last
    let key = |row: &PointRow| row.measure.map_or(f64::INFINITY, |value| if are_classes { -value } else { value });
    points.sort_by(|a, b| key(a).total_cmp(&key(b)));
    Ok(SweepTable { points, runs, keys: plan.keys.clone() })
}

fn run_row(folder: &SweepFolder, run: &Run, is_given_up: bool) -> anyhow::Result<RunRow> {
    let epochs = folder.epochs(run)?;
    let (mut test_loss, mut test_accuracy, mut reason) = (None, None, None);
    let state = match folder.state(run)? {
        State::Done(result) => {
            (test_loss, test_accuracy) = (Some(result.test_loss), result.test_accuracy);
            "done"
        }
        State::Failed(why) => {
            reason = Some(why);
            "failed"
        }
        _ if is_given_up => "given up",
        State::Begun => "begun",
        State::Waiting => "waiting",
    };
    let last = epochs.last();
    Ok(RunRow {
        run: run.index,
        settings: run.settings.iter().cloned().collect(),
        seed: run.seed,
        state,
        epochs: epochs.len(),
        validation_loss: last.and_then(|record| record.validation_loss),
        validation_accuracy: last.and_then(|record| record.validation_accuracy),
        test_loss,
        test_accuracy,
        reason,
    })
}

fn point_row(rows: &[&RunRow]) -> PointRow {
    let values: Vec<f64> = rows.iter().filter_map(|row| row.test_accuracy.or(row.test_loss)).collect();
    let done = values.len();
    let mean = values.iter().sum::<f64>() / done as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    PointRow {
        settings: rows.first().map(|row| row.settings.clone()).unwrap_or_default(),
        done,
        of: rows.len(),
        measure: (done > 0).then_some(mean),
        deviation: (done > 1).then(|| (squares / (done as f64 - 1.0)).sqrt()),
    }
}

impl SweepTable {
    /// Whether a run failed.
    pub(super) fn has_failures(&self) -> bool {
        self.runs.iter().any(|run| run.state == "failed")
    }

    /// Name of the measure of the points.
    pub(super) fn measure(&self) -> &'static str {
        match self.runs.iter().any(|run| run.test_accuracy.is_some()) {
            true => "test accuracy (%)",
            false => "test loss",
        }
    }

    /// The measure of a point in its unit.
    pub(super) fn in_unit(&self, value: f64) -> f64 {
        if self.measure() == "test loss" { value } else { 100.0 * value }
    }

    /// A row for each run.
    pub(super) fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut csv = csv::Writer::from_writer(vec![]);
        let fixed = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let measures = ["validation_loss", "validation_accuracy", "test_loss", "test_accuracy", "reason"];
        csv.write_record(
            fixed(&["run"])
                .into_iter()
                .chain(self.keys.clone())
                .chain(fixed(&["seed", "state", "epochs"]))
                .chain(fixed(&measures)),
        )?;
        let optional = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        for run in &self.runs {
            let mut cells = vec![run.run.to_string()];
            cells.extend(self.keys.iter().map(|key| run.settings.get(key).map_or(String::new(), word)));
            cells.extend([run.seed.to_string(), run.state.to_string(), run.epochs.to_string()]);
            let measures = [run.validation_loss, run.validation_accuracy, run.test_loss, run.test_accuracy];
            cells.extend(measures.map(optional));
            cells.push(run.reason.clone().unwrap_or_default());
            csv.write_record(cells)?;
        }
        csv.into_inner().map_err(|error| anyhow::anyhow!("the table cannot be written: {error}"))
    }
}

/// A value without the quotes of a word, and without the zeros of a large number.
pub(super) fn word(value: &toml::Value) -> String {
    match value {
        toml::Value::String(word) => word.clone(),
        toml::Value::Float(number) => format!("{number:?}"),
        value => value.to_string(),
    }
}

/// `test accuracy 97.22 %`
pub(super) fn measure(result: &RunResult) -> String {
    match result.test_accuracy {
        Some(accuracy) => format!("test accuracy {:.2} %", 100.0 * accuracy),
        None => format!("test loss {:.4}", result.test_loss),
    }
}

impl fmt::Display for SweepTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::default();
        let heading = [self.measure().to_string(), "deviation".to_string(), "runs".to_string()];
        table.cells(self.keys.iter().cloned().chain(heading).collect());
        let digits = if self.measure() == "test loss" { 4 } else { 2 };
        let number =
            |value: Option<f64>| value.map_or("-".to_string(), |value| format!("{:.digits$}", self.in_unit(value)));
        for point in &self.points {
            let values = self.keys.iter().map(|key| point.settings.get(key).map_or(String::new(), word));
            let runs = format!("{} of {}", point.done, point.of);
            table.cells(values.chain([number(point.measure), number(point.deviation), runs]).collect());
        }
        write!(f, "{table}")?;
        for run in &self.runs {
            if let Some(reason) = &run.reason {
                writeln!(f, "run {:03} failed: {reason}", run.run)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::word;
    use toml::Value;

    #[test]
    fn values_are_short() {
        for (value, text) in [(1e30, "1e30"), (1e-5, "1e-5"), (0.005, "0.005"), (2.0, "2.0")] {
            assert_eq!(word(&Value::Float(value)), text);
        }
        assert_eq!(word(&Value::String("lif".to_string())), "lif");
    }
}
