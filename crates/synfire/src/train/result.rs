//! The result of a training, as its run folder keeps it.

use super::run_folder::RESULT;
use super::{BuildModel, ClassCount, Confusion, Evaluation, RunFolder, Training};
use crate::{Error, pictures};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

/// `result.json` in a run folder: measures of the model that was kept, on the test data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// Share of the test samples that were right, in [0, 1]; absent where targets are no classes.
    pub test_accuracy: Option<f64>,
    /// Mean loss; files have null where it is not finite.
    #[serde(deserialize_with = "or_nan")]
    pub test_loss: f64,
    /// Test samples.
    pub test_samples: usize,
    /// Test samples of each class, and how many of them were right.
    pub per_class: BTreeMap<i64, ClassCount>,
    /// Test samples of each class by the class that the model takes them for: `confusion[class][answer]`.
    #[serde(default)]
    pub confusion: Confusion,
    /// Spikes per neuron and step on the test data, for each layer of neurons that spike.
    pub firing_rates: BTreeMap<String, f64>,
    /// The checkpoint that was measured, `checkpoints/best.bpk`.
    pub checkpoint: String,
    /// The epoch that it is from.
    pub epoch: usize,
    /// Epochs done.
    pub epochs: usize,
    /// Whether the training ended before its last epoch because validation did not improve.
    pub stopped_early: bool,
    /// Duration of the training in s, since it began or was resumed.
    pub seconds: f64,
}

/// A number, or NaN where JSON has null.
fn or_nan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

impl RunResult {
    /// The result of a training in this folder; none if it did not come to its end.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(RESULT);
        match std::fs::read_to_string(&path) {
            Ok(text) => match serde_json::from_str(&text) {
                Ok(result) => Ok(Some(result)),
                Err(error) => Err(Error::file(&path, format!("is damaged: {error}"))),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file(&path, format!("could not be read: {error}"))),
        }
    }
}

impl<C: BuildModel> Training<C> {
    /// Measures the model that is [kept](Self::kept) on the test data, and writes `result.json`.
    ///
    /// # Errors
    ///
    /// As [`test_kept`](Self::test_kept); [`Error::File`] if the disk refuses.
    pub fn conclude(&self, folder: &RunFolder) -> Result<RunResult, Error> {
        self.write_result(folder, self.test_kept(folder)?)
    }

    /// Writes `result.json` with these measures.
    pub(super) fn write_result(&self, folder: &RunFolder, test: Evaluation) -> Result<RunResult, Error> {
        let Evaluation { samples, loss, accuracy, per_class, confusion, firing_rates } = test;
        let (name, epoch) = self.kept_checkpoint(folder);
        let result = RunResult {
            test_accuracy: (!accuracy.is_nan()).then_some(accuracy),
            test_loss: loss,
            test_samples: samples,
            per_class,
            confusion,
            firing_rates,
            checkpoint: format!("checkpoints/{name}.bpk"),
            epoch,
            epochs: self.history().len(),
            stopped_early: self.stopped_early() && self.history().len() < self.options().epochs,
            seconds: self.seconds(),
        };
        pictures::confusion_matrix(folder, &self.title(), &result)?;
        let refuse = |error| Error::file(folder.path().join(RESULT), format!("has no JSON form: {error}"));
        let text = serde_json::to_string_pretty(&result).map_err(refuse)?;
        // last: it tells that the training came to its end
        folder.write(RESULT, text + "\n")?;
        Ok(result)
    }
}
