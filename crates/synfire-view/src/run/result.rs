//! The result of a training: confusion matrix and accuracy of each class.

use crate::Error;
use crate::answer::json;
use crate::figure::{Csv, Figure};
use crate::folder::RunPath;
use axum::response::Response;
use serde::Serialize;
use synfire::plot::confusion_matrix;
use synfire::train::{RunFolder, RunResult};

fn result(run: &RunPath) -> Result<RunResult, Error> {
    let missing = if RunFolder::is_busy(&run.path) { "it trains" } else { "its training did not come to its end" };
    let missing = || Error::NotFound(format!("`{}` has no result yet: {missing}", run.id));
    RunResult::read(&run.path)?.ok_or_else(missing)
}

/// Confusion matrix on the test data.
pub(crate) fn confusion(run: &RunPath) -> Result<Figure, Error> {
    let result = result(run)?;
    let mut csv = Csv::new(["class", "answer", "samples"]);
    for (class, answers) in &result.confusion {
        answers.iter().for_each(|(answer, count)| csv.row([class.to_string(), answer.to_string(), count.to_string()]));
    }
    let right = result.test_accuracy.map_or_else(String::new, |share| format!(", {:.1} % right", share * 100.0));
    let title = format!("{}: {} test samples{right}", run.id, result.test_samples);
    Ok(Figure { picture: confusion_matrix(&title, &result.confusion), csv: csv.finish() })
}

#[derive(Serialize)]
struct Class {
    class: i64,
    samples: usize,
    correct: usize,
}

/// Test samples of each class and how many of them were right.
pub(crate) fn classes(run: &RunPath) -> Result<Response, Error> {
    let classes = result(run)?.per_class;
    let classes =
        classes.into_iter().map(|(class, count)| Class { class, samples: count.samples, correct: count.correct });
    json(&classes.collect::<Vec<_>>())
}
