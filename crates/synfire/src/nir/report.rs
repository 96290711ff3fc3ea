//! What became of each node or layer.

use serde::Serialize;

/// What became of every node of a graph, or of every layer of a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// A line for each.
    pub lines: Vec<ReportLine>,
    /// Facts of the whole: faults of the exporter that were mended, warnings.
    pub notes: Vec<String>,
}

/// What became of a node or a layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportLine {
    /// Name of the node, or path of the layer.
    pub from: String,
    /// Its type.
    pub kind: String,
    /// What it became: a layer with its path, or a node with its type.
    pub became: String,
    /// What was folded, approximated or left out, one each.
    pub notes: Vec<String>,
}

impl Report {
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}
