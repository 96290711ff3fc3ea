//! Reports of imports and exports, printed.

use crate::table::Table;
use serde::Serialize;
use std::fmt;
use std::path::Path;
use synfire::nir::Report;

/// A file that was written, and the report on its content.
#[derive(Serialize)]
pub(super) struct Written<'a> {
    pub(super) file: &'a Path,
    #[serde(flatten)]
    pub(super) report: Report,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Shown(&self.report))?;
        write!(f, "written {}", self.file.display())
    }
}

/// A report as a table.
struct Shown<'a>(&'a Report);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["from", "type", "became", ""]);
        for line in &self.0.lines {
            table.row([line.from.clone(), line.kind.clone(), line.became.clone(), line.notes.join("; ")]);
        }
        write!(f, "{table}")?;
        self.0.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }
}
