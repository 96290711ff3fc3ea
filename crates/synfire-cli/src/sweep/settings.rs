//! The file that describes a sweep.

use anyhow::{Context, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Trainings that a sweep may have.
const MOST_RUNS: usize = 100_000;

/// A sweep, with paths as seen from the working directory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sweep {
    /// Configuration of the trainings; the standard one if not given.
    pub(super) config: Option<PathBuf>,
    /// Their data; the built-in digits if not given.
    pub(super) data: Option<PathBuf>,
    /// Folder of the sweep; if not given, one beside the file and named as it.
    #[serde(default)]
    pub(super) folder: PathBuf,
    /// Choice among the values.
    #[serde(default)]
    pub(super) search: Search,
    /// Each choice is trained once with each seed.
    #[serde(default = "one_seed")]
    pub(super) seeds: Vec<u64>,
    /// Trainings at a time.
    #[serde(default = "one_job")]
    pub(super) jobs: usize,
    /// Early end of hopeless trainings.
    pub(super) halving: Option<Halving>,
    /// Values of each key of the configuration.
    pub(super) keys: BTreeMap<String, Values>,
}

/// Choice among the values of the keys.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Search {
    /// All combinations.
    #[default]
    Grid,
    /// Random ones.
    #[serde(untagged)]
    Random {
        /// Their number.
        random: usize,
        /// Decides which.
        #[serde(default)]
        seed: u64,
    },
}

/// Values of a key.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub(super) enum Values {
    /// These.
    List(Vec<toml::Value>),
    /// Any between two numbers, for a random search.
    Range(Range),
}

/// Numbers from `from` to `to`, evenly distributed, or their logarithms, or whole ones.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Range {
    pub(super) from: f64,
    pub(super) to: f64,
    #[serde(default)]
    pub(super) log: bool,
    #[serde(default)]
    pub(super) whole: bool,
}

/// Successive halving (Jamieson & Talwalkar 2016): after `first` epochs, and whenever `factor` times as many are done,
/// one training of `factor` goes on.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Halving {
    pub(super) first: usize,
    #[serde(default = "half")]
    pub(super) factor: usize,
}

fn one_seed() -> Vec<u64> {
    vec![0]
}

fn one_job() -> usize {
    1
}

fn half() -> usize {
    2
}

impl Sweep {
    /// Reads and checks a file.
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("{}: could not be read", file.display()));
        let text = text.map_err(|error| anyhow::anyhow!("{error:#}"))?;
        let mut sweep: Sweep =
            toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {}", file.display(), error))?;
        sweep.check().map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
        let beside = |path: &Path| file.parent().unwrap_or(Path::new("")).join(path);
        sweep.config = sweep.config.as_deref().map(beside);
        sweep.data = sweep.data.as_deref().map(beside);
        sweep.folder = match sweep.folder.as_os_str().is_empty() {
            true => file.with_extension(""),
            false => beside(&sweep.folder),
        };
        if sweep.folder == file {
            bail!("{}: name the file `.toml`, or say in it where the runs go with `folder`", file.display());
        }
        Ok(sweep)
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.keys.is_empty() {
            bail!("keys: is empty; expected keys with their values, such as \"network.layers.1.tau_m.value\" = [2, 4]");
        }
        for (key, values) in &self.keys {
            values.check(self.search).map_err(|problem| anyhow::anyhow!("keys.\"{key}\": {problem}"))?;
        }
        if self.keys.contains_key("training.seed") {
            bail!("keys.\"training.seed\": seeds are no values to compare; list them in `seeds`");
        }
        let mut seeds = self.seeds.clone();
        seeds.sort_unstable();
        seeds.dedup();
        if self.seeds.is_empty() || seeds.len() < self.seeds.len() {
            bail!("seeds: is {:?}; expected at least one, each once", self.seeds);
        }
        if self.jobs == 0 {
            bail!("jobs: is 0; expected at least 1");
        }
        if let Some(Halving { first, factor }) = self.halving
            && (first == 0 || factor < 2)
        {
            bail!("halving: is {{ first = {first}, factor = {factor} }}; expected at least 1 epoch and a factor of 2");
        }
        let points = match self.search {
            Search::Random { random, .. } => random,
            Search::Grid => self.keys.values().fold(1, |product: usize, values| product.saturating_mul(values.len())),
        };
        match points.saturating_mul(self.seeds.len()) {
            0 => bail!("search.random: is 0; expected at least 1"),
            1..=MOST_RUNS => Ok(()),
            runs => bail!("there would be {runs} trainings; expected at most {MOST_RUNS}: take fewer values or seeds"),
        }
    }
}

impl Values {
    /// Number of values in a list.
    fn len(&self) -> usize {
        match self {
            Values::List(values) => values.len(),
            Values::Range(_) => 1,
        }
    }

    fn check(&self, search: Search) -> Result<(), String> {
        match self {
            Values::List(values) if values.is_empty() => Err("has no values; expected at least one".to_string()),
            Values::List(_) => Ok(()),
            Values::Range(_) if search == Search::Grid => {
                let cure = "give a list, or take a random search with `search = { random = 24 }`";
                Err(format!("is a range, which has no grid; {cure}"))
            }
            Values::Range(Range { from, to, log, .. }) => match from < to && from.is_finite() && to.is_finite() {
                true if *log && *from <= 0.0 => Err(format!("is from {from}; logarithms need a range above 0")),
                true => Ok(()),
                false => Err(format!("is from {from} to {to}; expected a range")),
            },
        }
    }
}
