//! Report of an import or export: the counterpart of each node or layer.

use serde::Serialize;

/// The counterpart of every node of a graph, or of every layer of a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// A line for each.
    pub lines: Vec<ReportLine>,
    /// Facts of the whole: faults of the exporter that were mended, warnings.
    pub notes: Vec<String>,
}

/// The counterpart of a node or a layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportLine {
    /// Name of the node, or path of the layer.
    pub from: String,
    /// Its type.
    pub kind: String,
    /// The counterpart: a layer with its path, or a node with its type.
    pub became: String,
    /// Facts that were folded, approximated or left out, one each.
    pub notes: Vec<String>,
}

impl Report {
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}
