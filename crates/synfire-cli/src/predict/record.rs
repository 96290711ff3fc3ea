//! `--record`: the activity of the layers of neurons, in a file.

use crate::archive::Archive;
use anyhow::bail;
use std::path::Path;
use synfire::network::Record;
use synfire::nir::{Activity, Trace};
use synfire::train::write_whole;

/// Activity on its way to a file, if one was asked for.
pub(super) struct Recorder<'a> {
    file: Option<&'a Path>,
    activity: Activity,
}

impl<'a> Recorder<'a> {
    /// Refuses a file that could not be written before anything is computed.
    pub(super) fn new(file: Option<&'a Path>) -> anyhow::Result<Self> {
        if let Some(file) = file {
            if !matches!(extension(file), "npz" | "nir") {
                bail!("{}: the name tells no format; let it end in .npz or .nir", file.display());
            }
            if file.is_dir() {
                bail!("{}: is a folder; give the name of a file in it", file.display());
            }
        }
        Ok(Recorder { file, activity: Activity::default() })
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.file.is_some()
    }

    /// Takes down what a batch recorded.
    pub(super) fn add(&mut self, records: &[Record]) -> anyhow::Result<()> {
        match self.file {
            Some(_) => Ok(self.activity.add(records)?),
            None => Ok(()),
        }
    }

    /// Writes the file; `dt` is the time step in ms.
    pub(super) fn finish(self, dt: f32) -> anyhow::Result<()> {
        let Some(file) = self.file else { return Ok(()) };
        match extension(file) {
            "nir" => Ok(self.activity.into_nir(f64::from(dt) * 1e-3).write(file)?),
            _ => Ok(write_whole(file, &npz(self.activity.traces())?)?),
        }
    }
}

fn extension(file: &Path) -> &str {
    file.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// An archive with an array for each quantity of each layer, `layers.1.spikes`.
fn npz(traces: &[Trace]) -> anyhow::Result<Vec<u8>> {
    let mut archive = Archive::new();
    for trace in traces {
        archive.array(&format!("{}.{}", trace.layer, trace.observable), &trace.shape(), &trace.values)?;
    }
    archive.finish()
}
