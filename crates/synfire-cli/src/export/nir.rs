//! NIR, with the defaults of `synfire nir export`.

use super::format::{Exported, Format};
use super::subject::Subject;
use std::path::Path;
use synfire::nir::{ExportOptions, export};

pub(super) struct Nir;

impl Format for Nir {
    fn name(&self) -> &'static str {
        "nir"
    }

    fn about(&self) -> &'static str {
        "Graph for other frameworks and chips; `synfire nir export` has options"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("nir")
    }

    fn export(&self, subject: &Subject<'_>, out: &Path) -> anyhow::Result<Exported> {
        let exported = export(&subject.checkpoint, &ExportOptions { dt: None, strict: false, impulses: false })?;
        exported.graph.write(out)?;
        let of_layers = exported.report.lines.into_iter().flat_map(|line| {
            let from = line.from;
            line.notes.into_iter().map(move |note| format!("{from}: {note}"))
        });
        let notes = of_layers.chain(exported.report.notes).collect();
        Ok(Exported { files: vec![out.to_path_buf()], notes, ..Exported::default() })
    }
}
