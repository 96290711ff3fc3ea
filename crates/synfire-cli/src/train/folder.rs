//! The run folder of a new training, and the note in it of where the data are.

use super::plan::RunPlan;
use crate::output::note;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use synfire::network::NetworkConfig;
use synfire::train::RunFolder;
use synfire_data::Dataset;

const NOTE: &str = "data.toml";

/// Makes the folder `out`, or the next numbered one. Also tells whether it is new.
pub(super) fn create(out: Option<&Path>, config: &NetworkConfig, data: &Dataset) -> anyhow::Result<(RunFolder, bool)> {
    Ok(match out {
        Some(out) => {
            let new = !out.exists();
            (RunFolder::create(out)?, new)
        }
        None => (RunFolder::numbered(Path::new("runs"), &format!("{}-{}", neurons(config), data.name))?, true),
    })
}

/// The neuron models of a network, `lif` or `plif-lif`.
fn neurons(config: &NetworkConfig) -> String {
    let models = config.layers.iter().filter_map(|layer| layer.kind.model());
    let mut names: Vec<String> = models.map(str::to_lowercase).collect();
    names.dedup();
    names.join("-")
}

/// Takes a new folder back after a failure, unless there is a checkpoint in it to go on from. Only what
/// this program wrote is removed, and folders only if nothing is left in them.
pub(super) fn tidy(plan: &RunPlan) {
    let folder = plan.folder.path();
    if plan.folder.checkpoint("last").exists() {
        note!("what was trained up to epoch {} is kept in {}", plan.training.history().len(), folder.display());
        return;
    }
    if !plan.new_folder {
        return;
    }
    for file in ["config.toml", NOTE] {
        let _ = std::fs::remove_file(folder.join(file));
    }
    let _ = std::fs::remove_dir(folder.join("checkpoints"));
    let _ = std::fs::remove_dir(folder);
}

/// `data.toml` in a run folder: where the data are, so that `--resume` needs no `--data`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataNote {
    /// The data set's folder; none for the built-in digits.
    folder: Option<PathBuf>,
}

impl DataNote {
    pub(super) fn of(folder: Option<&Path>) -> Self {
        let absolute = |folder: &Path| std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
        DataNote { folder: folder.map(absolute) }
    }

    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The note in this folder; the built-in digits if there is none.
    pub(super) fn read(folder: &RunFolder) -> anyhow::Result<Self> {
        let path = folder.path().join(NOTE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?),
            Err(_) => Ok(DataNote::default()),
        }
    }

    pub(super) fn write(&self, folder: &RunFolder) -> anyhow::Result<()> {
        let text = toml::to_string(self).context("the data folder's name cannot be written, it is not Unicode")?;
        Ok(folder.write(NOTE, format!("# where the training data are; none: the built-in digits\n{text}"))?)
    }
}
