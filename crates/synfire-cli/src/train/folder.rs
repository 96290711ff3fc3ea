//! The run folder of a new training.

use crate::output::note;
use crate::ranks;
use anyhow::Context;
use std::path::Path;
use synfire::checkpoint::Checkpoint;
use synfire::network::NetworkConfig;
use synfire::train::{DataNote, RunFolder};
use synfire_data::Dataset;

/// Makes the folder `out`, or the next numbered one. Also tells whether it is new. Of several ranks the first makes and
/// writes it.
pub(super) fn create(out: Option<&Path>, config: &NetworkConfig, data: &Dataset) -> anyhow::Result<(RunFolder, bool)> {
    let mut made = None;
    let path = ranks::from_first(|| {
        let (folder, new) = make(out, config, data)?;
        let path = folder.path().to_str().context("the run folder's name is no Unicode")?.as_bytes().to_vec();
        made = Some((folder, new));
        Ok(path)
    })?;
    Ok(made.unwrap_or_else(|| (RunFolder::unwritten(String::from_utf8_lossy(&path).into_owned()), false)))
}

fn make(out: Option<&Path>, config: &NetworkConfig, data: &Dataset) -> anyhow::Result<(RunFolder, bool)> {
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
pub(super) fn tidy(folder: &RunFolder, new: bool) {
    let (path, last) = (folder.path(), folder.checkpoint("last"));
    if !folder.is_written() {
        return;
    }
    if last.exists() {
        note!("what was trained up to {} is kept in {}", saved(&last), path.display());
        return;
    }
    if !new {
        return;
    }
    for file in ["config.toml", DataNote::FILE] {
        let _ = std::fs::remove_file(path.join(file));
    }
    let _ = std::fs::remove_dir(path.join("checkpoints"));
    let _ = std::fs::remove_dir(path);
}

/// Where the training was when this checkpoint was written, `epoch 3 and 20 batches`.
fn saved(last: &Path) -> String {
    let checkpoint = Checkpoint::read(last).ok();
    let position = checkpoint.as_ref().and_then(|read| Some(&read.training_state().ok()?.position));
    match position {
        Some(position) if position.batch > 0 => format!("epoch {} and {} batches", position.epoch, position.batch),
        Some(position) => format!("epoch {}", position.epoch),
        None => "the last checkpoint".to_string(),
    }
}

/// Tidies the folder when it is dropped by a panic: an internal error leaves nothing half made behind either.
pub(super) struct TidyAfterPanic {
    folder: RunFolder,
    new: bool,
}

impl TidyAfterPanic {
    pub(super) fn of(folder: &RunFolder, new: bool) -> Self {
        TidyAfterPanic { folder: folder.clone(), new }
    }
}

impl Drop for TidyAfterPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tidy(&self.folder, self.new);
        }
    }
}
