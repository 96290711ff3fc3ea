//! The two formats of checkpoints.

use super::format::{Exported, Format};
use super::subject::Subject;
use std::path::Path;
use synfire::checkpoint::Checkpoint;

/// Formats that this program reads again.
#[derive(Clone, Copy)]
pub(crate) enum CheckpointFormat {
    Burnpack,
    Safetensors,
}

impl CheckpointFormat {
    pub(crate) fn write(self, checkpoint: &Checkpoint, out: &Path) -> anyhow::Result<()> {
        match self {
            CheckpointFormat::Burnpack => checkpoint.write(out)?,
            CheckpointFormat::Safetensors => checkpoint.write_safetensors(out)?,
        }
        Ok(())
    }

    fn export(self, checkpoint: &Checkpoint, out: &Path) -> anyhow::Result<Exported> {
        self.write(checkpoint, out)?;
        Ok(Exported { files: vec![out.to_path_buf()], ..Exported::default() })
    }
}

pub(super) struct Burnpack;

impl Format for Burnpack {
    fn name(&self) -> &'static str {
        "burnpack"
    }

    fn about(&self) -> &'static str {
        "Burn's own format"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("bpk")
    }

    fn export(&self, subject: &Subject<'_>, out: &Path) -> anyhow::Result<Exported> {
        CheckpointFormat::Burnpack.export(&subject.checkpoint, out)
    }
}

pub(super) struct Safetensors;

impl Format for Safetensors {
    fn name(&self) -> &'static str {
        "safetensors"
    }

    fn about(&self) -> &'static str {
        "Read by PyTorch, JAX and others"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("safetensors")
    }

    fn export(&self, subject: &Subject<'_>, out: &Path) -> anyhow::Result<Exported> {
        CheckpointFormat::Safetensors.export(&subject.checkpoint, out)
    }
}
