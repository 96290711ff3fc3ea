//! Files that several tests read.

use std::{env, path::PathBuf};

/// Folder of the real MNIST: the one that `SYNFIRE_MNIST` names, else the one beside the project. None with a visible
/// line (`cargo test -- --nocapture`) if there is none.
pub(crate) fn mnist_folder() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/datasets/mnist");
    let folder = env::var_os("SYNFIRE_MNIST").map_or_else(|| beside.into(), PathBuf::from);
    if !folder.is_dir() {
        eprintln!("skipped: no MNIST in {}; set SYNFIRE_MNIST to its folder", folder.display());
        return None;
    }
    Some(folder)
}
