//! The result of a training.

use super::plan::RunPlan;
use super::taus::{self, Change};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use synfire::train::{ClassCount, Confusion, RunResult};

/// The result; nothing is measured of a training that was stopped.
#[derive(Serialize)]
pub(super) struct Trained {
    test_accuracy: Option<f64>,
    test_loss: Option<f64>,
    /// Test samples of each class, and how many of them were right.
    per_class: BTreeMap<i64, ClassCount>,
    /// Test samples of each class by the class that the network takes them for.
    confusion: Confusion,
    /// The checkpoint that was measured, and the epoch that it is from.
    checkpoint: Option<String>,
    epoch: Option<usize>,
    /// Epochs done, with those before `--resume`.
    epochs: usize,
    stopped_early: bool,
    interrupted: bool,
    seconds: f64,
    time_constants: BTreeMap<String, Change>,
    /// Spikes per neuron and step, on the test data.
    firing_rates: BTreeMap<String, f64>,
    run_folder: PathBuf,
}

pub(super) fn of(plan: &RunPlan, before: &[(String, f64)], interrupted: bool) -> anyhow::Result<Trained> {
    let result = if interrupted { None } else { Some(plan.training.conclude(&plan.folder)?) };
    let measured = result.unwrap_or_else(|| RunResult {
        test_accuracy: None,
        test_loss: f64::NAN,
        test_samples: 0,
        per_class: BTreeMap::new(),
        confusion: Confusion::new(),
        firing_rates: BTreeMap::new(),
        checkpoint: String::new(),
        epoch: 0,
        epochs: plan.training.history().len(),
        stopped_early: false,
        seconds: plan.training.seconds(),
    });
    let RunResult { test_accuracy, test_loss, per_class, confusion, firing_rates, checkpoint, epoch, epochs, .. } =
        measured;
    Ok(Trained {
        test_accuracy,
        test_loss: (!interrupted).then_some(test_loss),
        per_class,
        confusion,
        checkpoint: (!interrupted).then_some(checkpoint),
        epoch: (!interrupted).then_some(epoch),
        epochs,
        stopped_early: measured.stopped_early,
        interrupted,
        seconds: measured.seconds,
        time_constants: taus::changes(plan, before),
        firing_rates,
        run_folder: plan.folder.path().to_path_buf(),
    })
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, change) in &self.time_constants {
            if let Some(text) = change.text() {
                writeln!(f, "{name}  {text}")?;
            }
        }
        if self.stopped_early {
            writeln!(f, "stopped early after epoch {}: the validation loss did not improve any more", self.epochs)?;
        }
        if let (Some(checkpoint), Some(epoch)) = (&self.checkpoint, self.epoch) {
            writeln!(f, "tested {checkpoint}, the weights after epoch {epoch}")?;
        }
        match (self.test_accuracy, self.test_loss) {
            (Some(accuracy), _) => writeln!(f, "test accuracy {:.2} %", accuracy * 100.0)?,
            (None, Some(loss)) => writeln!(f, "test loss {loss:.4}")?, // of target vectors
            (None, None) => {}
        }
        write!(f, "run folder {}", self.run_folder.display())
    }
}
