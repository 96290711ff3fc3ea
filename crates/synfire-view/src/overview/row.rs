//! A row of the table of runs.

use crate::folder::{Folder, RunPath};
use serde::Serialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;
use synfire::network::{LayerConfig, NetworkConfig};
use synfire::train::{DataNote, EpochRecord, RunFolder, RunResult, TrainConfig};

/// A run in the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Row {
    id: String,
    data: String,
    network: String,
    /// Share of right answers.
    accuracy: Option<f64>,
    /// The data that it is of.
    accuracy_of: &'static str,
    loss: Option<f64>,
    /// Epochs done, and planned.
    epoch: usize,
    epochs: Option<usize>,
    seconds: Option<f64>,
    seed: Option<u64>,
    pub(crate) state: State,
    /// Why the run cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// State of a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// A process trains in the folder.
    Running,
    /// It has a result.
    Finished,
    /// It ended before its last epoch, with a checkpoint to go on from.
    Stopped,
    /// It ended without a checkpoint, or its files are damaged.
    Failed,
    /// No training: a checkpoint on its own.
    Checkpoint,
}

/// Times and sizes of the files that a row is made of.
type Signature = [Option<(SystemTime, u64)>; 4];

/// Rows of runs, kept as long as their files do not change.
#[derive(Debug, Default)]
pub(crate) struct Rows(Mutex<HashMap<PathBuf, (Signature, Row)>>);

impl Rows {
    /// Rows of all runs in a folder.
    pub(crate) fn of(&self, folder: &Folder) -> Vec<Row> {
        let runs = folder.runs();
        let mut kept = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut before = std::mem::take(&mut *kept);
        let row = |run: RunPath| {
            let signature = signature(&run.path);
            let row = match before.remove(&run.path) {
                // who trains may end without another change
                Some((same, row)) if same == signature && row.state != State::Running => row,
                _ => Row::of(&run),
            };
            kept.insert(run.path, (signature, row.clone()));
            row
        };
        runs.into_iter().map(row).collect()
    }
}

fn signature(run: &Path) -> Signature {
    ["config.toml", "metrics.jsonl", "result.json", "checkpoints/last.bpk"].map(|file| {
        let found = std::fs::metadata(run.join(file)).ok()?;
        Some((found.modified().ok()?, found.len()))
    })
}

impl Row {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    fn of(run: &RunPath) -> Self {
        let mut row = Row {
            id: run.id.clone(),
            data: String::new(),
            network: String::new(),
            accuracy: None,
            accuracy_of: "",
            loss: None,
            epoch: 0,
            epochs: None,
            seconds: None,
            seed: None,
            state: State::Checkpoint,
            problem: None,
        };
        if !run.is_folder() {
            return row;
        }
        let mut problems: Vec<synfire::Error> = vec![];
        let mut take = |error: synfire::Error| problems.push(error);
        match TrainConfig::read(run.path.join("config.toml")) {
            Ok(config) => row.describe(&config),
            Err(error) => take(error),
        }
        match DataNote::read(&run.path) {
            Ok(note) => row.data = data_name(&note),
            Err(error) => take(error),
        }
        match RunFolder::last_metrics(&run.path) {
            Ok(last) => last.iter().for_each(|last| row.measure(last)),
            Err(error) => take(error),
        }
        let result = RunResult::read(&run.path).unwrap_or_else(|error| {
            take(error);
            None
        });
        let has_checkpoint = run.path.join("checkpoints/last.bpk").is_file();
        row.state = match (&result, has_checkpoint) {
            (Some(_), _) => State::Finished,
            _ if RunFolder::is_busy(&run.path) => State::Running,
            (None, true) => State::Stopped,
            (None, false) => State::Failed,
        };
        if let Some(result) = result {
            (row.loss, row.seconds, row.epoch) = (Some(result.test_loss), Some(result.seconds), result.epochs);
            (row.accuracy, row.accuracy_of) = (result.test_accuracy, "test");
        }
        row.problem = problems.first().map(ToString::to_string);
        row
    }

    fn describe(&mut self, config: &TrainConfig) {
        self.network = network(&config.network);
        self.epochs = Some(config.training.epochs);
        self.seed = Some(config.training.seed);
    }

    fn measure(&mut self, last: &EpochRecord) {
        self.epoch = last.epoch;
        self.loss = Some(last.validation_loss.unwrap_or(last.train_loss));
        (self.accuracy, self.accuracy_of) = match last.validation_accuracy {
            Some(accuracy) => (Some(accuracy), "validation"),
            None => (last.train_accuracy, "training"),
        };
    }
}

/// Name of the data set that a note leads to.
fn data_name(note: &DataNote) -> String {
    let name = note.folder().map(|folder| folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy());
    name.map_or_else(|| "digits".to_string(), |name| name.into_owned())
}

/// `linear 256, plif, linear classes, plif`
fn network(config: &NetworkConfig) -> String {
    config.layers.iter().map(layer).collect::<Vec<_>>().join(", ")
}

/// The model of neurons; of another layer its kind and first setting.
fn layer(layer: &LayerConfig) -> String {
    if let Some(model) = layer.kind.model() {
        return model.to_string();
    }
    let kind = layer.kind.name();
    let written = serde_json::to_value(layer).unwrap_or_default();
    match written.get(kind) {
        Some(serde_json::Value::String(word)) => format!("{kind} {word}"),
        Some(serde_json::Value::Number(number)) => format!("{kind} {number}"),
        _ => kind.to_string(),
    }
}
