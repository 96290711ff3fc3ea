//! The trainings of a sweep, checked.

use super::points::{self, Point};
use super::settings::{Search, Sweep};
use crate::train::set;
use anyhow::bail;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;
use synfire::train::TrainConfig;

/// All trainings of a sweep.
pub(super) struct Plan {
    /// In order: point by point, seed by seed.
    pub(super) runs: Vec<Run>,
    /// The keys that change.
    pub(super) keys: Vec<String>,
    /// Whether points are drawn at random, and so not on a grid.
    pub(super) is_random: bool,
    config: Option<PathBuf>,
    data: Option<PathBuf>,
    base: TrainConfig,
}

/// One training.
pub(super) struct Run {
    /// From 0.
    pub(super) index: usize,
    /// Number of its point; the runs of a point differ in their seed alone.
    pub(super) point: usize,
    pub(super) seed: u64,
    /// The values of the keys.
    pub(super) settings: Point,
    /// Its configuration.
    pub(super) config: TrainConfig,
}

impl Plan {
    /// Makes the plan of a sweep; every configuration in it can be read.
    pub(super) fn of(sweep: &Sweep) -> anyhow::Result<Self> {
        let base = match &sweep.config {
            Some(file) => TrainConfig::read(file)?,
            None => TrainConfig::standard(),
        };
        let mut runs = vec![];
        for (point, settings) in points::of(&sweep.keys, sweep.search).into_iter().enumerate() {
            for &seed in &sweep.seeds {
                let mut config = set::apply(base.clone(), &assignments(&settings))?;
                config.training.seed = seed;
                config.training.check()?;
                if sweep.halving.is_some() && config.training.validation <= 0.0 {
                    bail!(
                        "halving: compares validation losses, and nothing is held out; set `validation = 0.1` in [training] \
                         of the configuration, or list it in [keys]"
                    );
                }
                runs.push(Run { index: runs.len(), point, seed, settings: settings.clone(), config });
            }
        }
        let keys = sweep.keys.keys().cloned().collect();
        let is_random = sweep.search != Search::Grid;
        Ok(Plan { runs, keys, is_random, config: sweep.config.clone(), data: sweep.data.clone(), base })
    }

    /// A run by its number.
    pub(super) fn run(&self, index: usize) -> anyhow::Result<&Run> {
        match self.runs.get(index) {
            Some(run) => Ok(run),
            None => {
                bail!("--run {index}: the sweep has {} runs; expected 0 to {}", self.runs.len(), self.runs.len() - 1)
            }
        }
    }

    /// Arguments of `synfire train` for a new training.
    pub(super) fn arguments(&self, run: &Run) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec![];
        let mut option = |name: &str, value: OsString| arguments.extend([name.into(), value]);
        if let Some(config) = &self.config {
            option("--config", config.into());
        }
        if let Some(data) = &self.data {
            option("--data", data.into());
        }
        assignments(&run.settings).into_iter().for_each(|setting| option("--set", setting.into()));
        option("--seed", run.seed.to_string().into());
        arguments
    }

    /// Everything that decides the results, by which a sweep that goes on is known.
    pub(super) fn fingerprint(&self) -> anyhow::Result<Value> {
        let run = |run: &Run| json!({ "seed": run.seed, "settings": assignments(&run.settings) });
        let runs: Vec<Value> = self.runs.iter().map(run).collect();
        Ok(json!({ "config": serde_json::to_value(&self.base)?, "data": self.data, "runs": runs }))
    }
}

/// `key=value` for `--set`.
fn assignments(point: &Point) -> Vec<String> {
    point.iter().map(|(key, value)| format!("{key}={value}")).collect()
}
