//! Networks from and for other frameworks and chips, in the files of NIR, the Neuromorphic Intermediate Representation.
//!
//! [`import`] makes a checkpoint of a graph, which runs, is evaluated and trained as any other; [`export`] makes a graph of a
//! checkpoint; [`Activity`] records what neurons do. Each tells of every node or layer what became of it.
//!
//! ```
//! use synfire::nir::{Array, Element, Graph, ImportOptions, Lif, Linear, NodeKind, Port, import};
//!
//! let weight = Array::new([2, 3], vec![0.5; 6], Element::F32).expect("as many values as the shape has");
//! let same = |value| Array::filled(&[2], value, Element::F32);
//! let lif = Lif { tau: same(2e-3), r: same(2.0), v_leak: same(0.0), v_threshold: same(0.9), v_reset: same(0.0) };
//! let graph = Graph::chain(vec![
//!     ("input", NodeKind::Input(Port { shape: vec![3] })),
//!     ("fc", NodeKind::Linear(Linear { weight })),
//!     ("lif", NodeKind::Lif(lif)),
//!     ("output", NodeKind::Output(Port { shape: vec![2] })),
//! ]);
//! let imported = import(&graph, &ImportOptions { steps: 10, ..ImportOptions::new(1e-3) })?;
//! let network = imported.checkpoint.network(&burn::tensor::Device::default())?;
//! assert_eq!(network.layers()[1].neurons().map(|neurons| neurons.info().name), Some("eulerlif"));
//! # Ok::<(), synfire::Error>(())
//! ```
//!
//! The discretisation is the one that makes files portable, forward Euler with the time step that is given; see
//! `docs/src/nir.md`.

mod activity;
mod export;
mod import;
mod report;

pub use activity::{Activity, Trace};
pub use export::{ExportOptions, Exported, export};
pub use import::{ImportOptions, Imported, Integration, import};
pub use report::{Report, ReportLine};
pub use synfire_nir::*;

use crate::Error;
use std::path::Path;

/// An error of a graph as one of the library.
fn refused(error: NirError) -> Error {
    match error {
        NirError::In { file, cause } => Error::file(file, cause.to_string()),
        NirError::Io { action, path, cause } => Error::file(path, format!("cannot {action} it: {cause}")),
        NirError::Field { node, field, found, expected } => {
            Error::config(format!("node `{node}`, field `{field}`"), format!("{found}; expected {expected}"))
        }
        NirError::Graph { node, problem, cure } => {
            Error::config(format!("node `{node}`"), format!("{problem}; {cure}"))
        }
        other => Error::config("graph", other.to_string()),
    }
}

/// Reads a graph of NIR.
///
/// # Errors
///
/// [`Error::File`] if the file cannot be read or holds no graph; the message names node and field.
pub fn read(path: &Path) -> Result<Graph, Error> {
    Graph::read(path).map_err(refused)
}
