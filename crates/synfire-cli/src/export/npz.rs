//! NumPy's `.npz`: the parameters by name, and the description as JSON.

use super::format::{Exported, Format};
use super::subject::Subject;
use crate::archive::Archive;
use std::path::Path;
use synfire::checkpoint::StoredParameter;
use synfire::train::write_whole;

pub(super) struct Npz;

impl Format for Npz {
    fn name(&self) -> &'static str {
        "npz"
    }

    fn about(&self) -> &'static str {
        "Arrays by name, for NumPy"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("npz")
    }

    fn export(&self, subject: &Subject<'_>, out: &Path) -> anyhow::Result<Exported> {
        let mut archive = Archive::new();
        for StoredParameter { name, shape, values, .. } in &subject.checkpoint.parameters {
            archive.array(name, shape, values)?;
        }
        archive.file("synfire.json", serde_json::to_string_pretty(&subject.checkpoint.description)?.as_bytes())?;
        write_whole(out, &archive.finish()?)?;
        Ok(Exported { files: vec![out.to_path_buf()], ..Exported::default() })
    }
}
