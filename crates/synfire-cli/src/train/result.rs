//! What a training came to.

use super::plan::Plan;
use super::taus::{self, Change};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use synfire::checkpoint::Checkpoint;
use synfire::train::{Evaluation, evaluate};

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

pub(super) fn of(plan: &Plan, before: &[(String, f64)], interrupted: bool) -> anyhow::Result<Trained> {
    let test = if interrupted { None } else { Some(test(plan)?) };
    Ok(Trained {
        test_accuracy: test.as_ref().map(|test| test.accuracy),
        test_loss: test.as_ref().map(|test| test.loss),
        epochs: plan.trainer.history().len(),
        interrupted,
        time_constants: taus::changes(plan, before),
        firing_rates: test.map(|test| test.firing_rates).unwrap_or_default(),
        run_folder: plan.folder.path().to_path_buf(),
    })
}

/// Measures the network that is kept: the best on validation data, or the last where there are none.
fn test(plan: &Plan) -> anyhow::Result<Evaluation> {
    let best = plan.folder.checkpoint("best");
    if plan.trainer.config().training.validation == 0.0 || !best.is_file() {
        return Ok(plan.trainer.test()?);
    }
    let network = Checkpoint::read(best)?.network(&plan.device)?;
    let all: Vec<usize> = (0..plan.data.test.len()).collect();
    Ok(evaluate(&network, &plan.data.test, &all, plan.trainer.config(), &plan.device)?)
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
