//! Curves of several runs over each other.

use crate::Error;
use crate::figure::{Csv, Figure};
use crate::folder::{Folder, RunPath};
use serde::Serialize;
use std::collections::BTreeSet;
use synfire::plot::{Curve, learning_curves, relation};
use synfire::train::{EpochRecord, RunFolder};

/// Runs that are compared at most: one per colour.
pub(crate) const MOST: usize = 6;

/// A run and the measures of its epochs.
struct Course {
    id: String,
    history: Vec<EpochRecord>,
}

/// A measure that some of the runs have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Measure {
    /// Its column in `metrics.csv`.
    pub(crate) key: String,
    pub(crate) title: String,
}

const SCALARS: [(&str, &str); 5] = [
    ("train_loss", "Training loss"),
    ("validation_loss", "Validation loss"),
    ("train_accuracy", "Training accuracy (%)"),
    ("validation_accuracy", "Validation accuracy (%)"),
    ("learning_rate", "Learning rate"),
];
const RATE: &str = "firing_rate.";
const NORM: &str = "gradient_norm.";
const TAU: &str = "time_constant.";

fn courses(folder: &Folder, ids: &[String]) -> Result<Vec<Course>, Error> {
    if ids.is_empty() || ids.len() > MOST {
        return Err(Error::Request(format!("{} runs are chosen; expected 1 to {MOST}", ids.len())));
    }
    let course = |id: &String| {
        let RunPath { id, path } = folder.run(id)?;
        let history = if path.is_dir() { RunFolder::metrics(&path)? } else { vec![] };
        Ok(Course { id, history })
    };
    ids.iter().map(course).collect()
}

/// Measures that at least one of the runs has.
pub(crate) fn measures(folder: &Folder, ids: &[String]) -> Result<Vec<Measure>, Error> {
    let courses = courses(folder, ids)?;
    let records = || courses.iter().flat_map(|course| &course.history);
    let has = |key: &str| records().any(|record| value(record, key).is_some());
    let scalars = SCALARS.iter().filter(|(key, _)| has(key));
    let mut found: Vec<Measure> =
        scalars.map(|(key, title)| Measure { key: (*key).to_string(), title: (*title).to_string() }).collect();
    let mut named = |prefix: &str, title: &str, names: BTreeSet<&String>| {
        let measure = |name: &String| Measure { key: format!("{prefix}{name}"), title: format!("{title} of {name}") };
        found.extend(names.into_iter().map(measure));
    };
    named(RATE, "Spikes per neuron and step", records().flat_map(|record| record.firing_rates.keys()).collect());
    named(TAU, "Time constant", records().flat_map(|record| record.time_constants.keys()).collect());
    named(NORM, "Gradient norm", records().flat_map(|record| record.gradient_norms.keys()).collect());
    Ok(found)
}

/// A measure of some runs over the epochs; the learning curves of one run where none is named.
pub(crate) fn figure(folder: &Folder, ids: &[String], measure: Option<&str>) -> Result<Figure, Error> {
    let courses = courses(folder, ids)?;
    let Some(key) = measure else {
        let first = &courses[0];
        let picture = learning_curves(&first.id, &first.history);
        let all = measures(folder, &ids[..1])?;
        let columns: Vec<&str> = all.iter().map(|measure| measure.key.as_str()).collect();
        let mut csv = Csv::new(["epoch"].into_iter().chain(columns.iter().copied()));
        for record in &first.history {
            let values = columns.iter().map(|key| value(record, key).map_or_else(String::new, |x| x.to_string()));
            csv.row([record.epoch.to_string()].into_iter().chain(values));
        }
        return Ok(Figure { picture, csv: csv.finish() });
    };
    let known = measures(folder, ids)?;
    let title = known.iter().find(|measure| measure.key == key).map_or(key, |measure| measure.title.as_str());
    let points = |course: &Course| -> Vec<(f64, f64)> {
        let point = |record: &EpochRecord| Some((record.epoch as f64, value(record, key)?));
        course.history.iter().filter_map(point).collect()
    };
    let points: Vec<Vec<(f64, f64)>> = courses.iter().map(points).collect();
    let curves: Vec<Curve<'_>> =
        courses.iter().zip(&points).map(|(course, points)| Curve { name: &course.id, points }).collect();
    let mut csv = Csv::new(["run", "epoch", key]);
    for (course, points) in courses.iter().zip(&points) {
        points.iter().for_each(|(epoch, value)| csv.row([course.id.clone(), epoch.to_string(), value.to_string()]));
    }
    Ok(Figure { picture: relation(title, "epoch", "", &curves), csv: csv.finish() })
}

/// A measure of an epoch; accuracies in percent.
fn value(record: &EpochRecord, key: &str) -> Option<f64> {
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    match key {
        "train_loss" => Some(record.train_loss),
        "validation_loss" => record.validation_loss,
        "train_accuracy" => percent(record.train_accuracy),
        "validation_accuracy" => percent(record.validation_accuracy),
        "learning_rate" => Some(record.learning_rate),
        _ => {
            let map = |prefix| key.strip_prefix(prefix);
            let rate = map(RATE).and_then(|name| record.firing_rates.get(name)).copied();
            let norm = map(NORM).and_then(|name| record.gradient_norms.get(name)).copied();
            rate.or(norm).or_else(|| Some(record.time_constants.get(map(TAU)?)?.mean))
        }
    }
}
