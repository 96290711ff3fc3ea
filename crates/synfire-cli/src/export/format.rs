//! Formats of exports: one file each, listed here.

use super::subject::Subject;
use super::{checkpoints, int8, nir, npz, peer};
use anyhow::bail;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A format that networks are exported in.
pub(super) trait Format: Sync {
    /// Name on the command line.
    fn name(&self) -> &'static str;

    /// Description in a few words.
    fn about(&self) -> &'static str;

    /// Extension of files that need no `--format`.
    fn extension(&self) -> Option<&'static str> {
        None
    }

    /// Whether it reads the data set.
    fn reads_data(&self) -> bool {
        false
    }

    /// Files that it writes.
    fn files(&self, out: &Path) -> Vec<PathBuf> {
        vec![out.to_path_buf()]
    }

    /// Writes a network.
    fn export(&self, subject: &Subject<'_>, out: &Path) -> anyhow::Result<Exported>;
}

/// The result of an export.
#[derive(Default, Serialize)]
pub(super) struct Exported {
    /// Files that were written.
    pub(super) files: Vec<PathBuf>,
    /// Differences that the other program sees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<String>,
    /// Instructions for using the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    /// The accuracy that integers cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cost: Option<int8::Cost>,
}

/// Every format.
pub(super) const FORMATS: [&dyn Format; 7] = [
    &checkpoints::Burnpack,
    &checkpoints::Safetensors,
    &int8::Int8,
    &nir::Nir,
    &npz::Npz,
    &peer::SNNTORCH,
    &peer::SPIKINGJELLY,
];

/// The format of this name.
pub(super) fn named(name: &str) -> anyhow::Result<&'static dyn Format> {
    match FORMATS.into_iter().find(|format| format.name() == name) {
        Some(format) => Ok(format),
        None => bail!("--format {name}: expected one of {}", FORMATS.map(Format::name).join(", ")),
    }
}

/// The format that the extension of a file tells.
pub(super) fn by_extension(out: &Path) -> anyhow::Result<&'static dyn Format> {
    let extension = out.extension().and_then(|extension| extension.to_str());
    match FORMATS.into_iter().find(|format| extension.is_some() && format.extension() == extension) {
        Some(format) => Ok(format),
        None => {
            let known: Vec<String> = FORMATS
                .iter()
                .filter_map(|format| format.extension())
                .map(|extension| format!(".{extension}"))
                .collect();
            bail!("{}: the name tells no format; let it end in {}, or give --format", out.display(), known.join(", "))
        }
    }
}

/// The checkpoint format that the extension of a file tells.
pub(crate) fn checkpoint_format(out: &Path) -> anyhow::Result<checkpoints::CheckpointFormat> {
    match out.extension().and_then(|extension| extension.to_str()) {
        Some("bpk") => Ok(checkpoints::CheckpointFormat::Burnpack),
        Some("safetensors") => Ok(checkpoints::CheckpointFormat::Safetensors),
        _ => bail!("{}: the name tells no checkpoint format; let it end in .bpk or .safetensors", out.display()),
    }
}

/// Refuses a file that is a folder, or that exists.
pub(crate) fn check_target(out: &Path, force: bool) -> anyhow::Result<()> {
    if out.is_dir() {
        bail!("{}: is a folder; give the name of a file in it", out.display());
    }
    if out.exists() && !force {
        bail!("{}: exists already; choose another name, or overwrite it with --force", out.display());
    }
    Ok(())
}
