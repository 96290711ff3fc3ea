//! Errors of the server and of its answers.

use axum::http::StatusCode;
use std::path::PathBuf;

/// Errors of the server, and of answers to requests.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder, run or checkpoint that was to be shown cannot be.
    #[error("{}: {problem}", .path.display())]
    Path {
        /// Path that was given.
        path: PathBuf,
        /// The problem, and what was expected.
        problem: String,
    },
    /// The server cannot listen.
    #[error("{address}: {problem}")]
    Listen {
        /// Host and port.
        address: String,
        /// The problem, and the cure.
        problem: String,
    },
    /// A request for something that is not there.
    #[error("{0}")]
    NotFound(String),
    /// A request that cannot be understood.
    #[error("{0}")]
    Request(String),
    /// A request that is not answered: of another host, without the token.
    #[error("{0}")]
    Refused(String),
    /// The library refuses what was asked of it.
    #[error(transparent)]
    Library(#[from] synfire::Error),
    /// An error in the program itself.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// Status of the answer.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Error::NotFound(_) => StatusCode::NOT_FOUND,
            Error::Request(_) | Error::Library(_) => StatusCode::BAD_REQUEST,
            Error::Refused(_) => StatusCode::FORBIDDEN,
            Error::Path { .. } | Error::Listen { .. } | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A run that is not in the folder.
    pub(crate) fn no_run(id: &str) -> Self {
        let shown: String = id.chars().take(80).collect();
        Error::NotFound(format!("there is no run `{shown}` in this folder; choose one in the table of runs"))
    }
}

impl From<synfire_data::DataError> for Error {
    fn from(error: synfire_data::DataError) -> Self {
        Error::Library(error.into())
    }
}
