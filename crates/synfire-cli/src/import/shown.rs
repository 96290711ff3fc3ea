//! The table of an import.

use crate::table::Table;
use serde::Serialize;
use std::fmt;
use std::path::Path;
use synfire::exchange::ImportReport;

/// The fate of each parameter and tensor, and the file that was written.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    #[serde(flatten)]
    pub(super) report: &'a ImportReport,
    #[serde(rename = "file")]
    pub(super) written: Option<&'a Path>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["", "parameter", "tensor", "shape", ""]);
        for entry in &self.report.entries {
            let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_string());
            let shape = format!("{:?}", entry.shape);
            table.row([entry.status.to_string(), name(&entry.parameter), name(&entry.key), shape, entry.note.clone()]);
        }
        write!(f, "{table}")?;
        for note in &self.report.notes {
            writeln!(f, "note: {note}")?;
        }
        writeln!(f, "read by the rules of {}", self.report.framework.name())?;
        match self.written {
            Some(path) => write!(f, "written {}", path.display()),
            None => Ok(()),
        }
    }
}
