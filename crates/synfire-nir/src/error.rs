//! The one error type of this crate.

use std::io;
use std::path::{Path, PathBuf};

/// Why a file of NIR could not be read, written or understood.
///
/// Every message names the node and the field, says what was found and expected, and gives the cure. Errors of a file are
/// wrapped in [`NirError::In`], which puts its name in front.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NirError {
    /// Something is wrong in a file.
    #[error("{}: {cause}", file.display())]
    In {
        /// The file.
        file: PathBuf,
        /// The problem there.
        cause: Box<NirError>,
    },
    /// The operating system refused.
    #[error("cannot {action} {}: {cause}", path.display())]
    Io {
        /// Action that was tried, as a verb: `"read"`, `"write"`.
        action: &'static str,
        /// The path that it was tried on.
        path: PathBuf,
        /// Message of the operating system.
        cause: io::Error,
    },
    /// The bytes are no HDF5 that could be read.
    #[error("{problem}; expected a whole HDF5 file of NIR. If it is cut short or damaged, copy or export it again")]
    Damaged {
        /// Description of the fault.
        problem: String,
    },
    /// A field of a node is missing, or is not what it should be.
    #[error("node `{node}`, field `{field}`: {found}; expected {expected}")]
    Field {
        /// Path of the node, with dots between a graph and its nodes; `graph` is the outermost graph.
        node: String,
        /// Name of the field.
        field: String,
        /// Description of what is there.
        found: String,
        /// Description of what belongs there, with the cure where it is not plain.
        expected: String,
    },
    /// The nodes do not make a network.
    #[error("node `{node}`: {problem}; {cure}")]
    Graph {
        /// Path of the node, as in [`NirError::Field`].
        node: String,
        /// Description of the fault.
        problem: String,
        /// The cure.
        cure: String,
    },
}

impl NirError {
    pub(crate) fn damaged(problem: impl ToString) -> Self {
        NirError::Damaged { problem: problem.to_string() }
    }

    pub(crate) fn field(
        node: impl Into<String>,
        field: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        let (node, field, found, expected) = (node.into(), field.into(), found.into(), expected.into());
        NirError::Field { node, field, found, expected }
    }

    /// A node that does not fit into its graph.
    #[must_use]
    pub fn graph(node: impl Into<String>, problem: impl Into<String>, cure: impl Into<String>) -> Self {
        NirError::Graph { node: node.into(), problem: problem.into(), cure: cure.into() }
    }

    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |cause| NirError::Io { action, path, cause }
    }

    /// The same error, with the file that it is in; errors of the operating system name it already.
    #[must_use]
    pub fn within(self, file: &Path) -> Self {
        match self {
            NirError::In { .. } | NirError::Io { .. } => self,
            cause => NirError::In { file: file.to_path_buf(), cause: Box::new(cause) },
        }
    }
}
