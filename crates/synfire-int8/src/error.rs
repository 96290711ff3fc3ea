//! The one error type of this crate.

use std::io;
use std::path::{Path, PathBuf};

/// Why a model could not be read, built or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something is wrong in a file.
    #[error("{}: {cause}", file.display())]
    In {
        /// The file.
        file: PathBuf,
        /// The problem there.
        cause: Box<Error>,
    },
    /// The operating system refused to read a file.
    #[error("cannot read {}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Message of the operating system.
        cause: io::Error,
    },
    /// The bytes are no model.
    #[error("{problem}; expected a file that `synfire export --format int8` wrote")]
    Damaged {
        /// Description of the fault.
        problem: String,
    },
    /// A layer, or the input, is not what it should be.
    #[error("{layer}: `{field}` {found}; expected {expected}")]
    Field {
        /// Path of the layer, `layers.2`, or `input`.
        layer: String,
        /// Field of the layer.
        field: &'static str,
        /// Description of what is there.
        found: String,
        /// Description of what belongs there.
        expected: String,
    },
    /// An input or a state of another network.
    #[error("the {what} has {found} values; expected {expected}, as the network has")]
    Size {
        /// `input` or `state`.
        what: &'static str,
        /// Number of values that were given.
        found: usize,
        /// Number of values of the network.
        expected: usize,
    },
}

impl Error {
    pub(crate) fn damaged(problem: impl ToString) -> Self {
        Error::Damaged { problem: problem.to_string() }
    }

    pub(crate) fn field(layer: &str, field: &'static str, found: impl ToString, expected: impl ToString) -> Self {
        Error::Field { layer: layer.to_string(), field, found: found.to_string(), expected: expected.to_string() }
    }

    /// The same error, with the file that it is in.
    pub(crate) fn within(self, file: &Path) -> Self {
        match self {
            Error::In { .. } | Error::Io { .. } => self,
            cause => Error::In { file: file.to_path_buf(), cause: Box::new(cause) },
        }
    }
}
