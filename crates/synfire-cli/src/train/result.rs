//! The result of a training.

use super::plan::RunPlan;
use super::taus::{self, Change};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// The result; nothing is measured of a training that was stopped.
#[derive(Serialize)]
pub(super) struct Trained {
    test_accuracy: Option<f64>,
    test_loss: Option<f64>,
    /// Epochs done, with those before `--resume`.
    epochs: usize,
    interrupted: bool,
    time_constants: BTreeMap<String, Change>,
    /// Spikes per neuron and step, on the test data.
    firing_rates: BTreeMap<String, f64>,
    run_folder: PathBuf,
}

pub(super) fn of(plan: &RunPlan, before: &[(String, f64)], interrupted: bool) -> anyhow::Result<Trained> {
    let test = if interrupted { None } else { Some(plan.training.test_kept(&plan.folder)?) };
    Ok(Trained {
        test_accuracy: test.as_ref().map(|test| test.accuracy).filter(|accuracy| !accuracy.is_nan()),
        test_loss: test.as_ref().map(|test| test.loss),
        epochs: plan.training.history().len(),
        interrupted,
        time_constants: taus::changes(plan, before),
        firing_rates: test.map(|test| test.firing_rates).unwrap_or_default(),
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
        if let Some(accuracy) = self.test_accuracy {
            writeln!(f, "test accuracy {:.2} %", accuracy * 100.0)?;
        }
        write!(f, "run folder {}", self.run_folder.display())
    }
}
