//! The result of an import.

use super::report::{ImportReport, ImportStatus};
use crate::Error;
use crate::checkpoint::Checkpoint;
use burn::tensor::Device;
use std::path::PathBuf;

/// A network made of a state dict, and the account of its parameters.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The fate of each parameter and each tensor.
    pub report: ImportReport,
    pub(super) checkpoint: Checkpoint,
    pub(super) origin: PathBuf,
}

/// Entries that a message lists.
const LISTED: usize = 3;

impl Imported {
    /// The network, if every weight has a tensor and every tensor a place.
    ///
    /// # Errors
    ///
    /// [`Error::File`] names those that have none; as [`partial`](Self::partial).
    pub fn complete(self) -> Result<Checkpoint, Error> {
        let random = self.report.of(ImportStatus::Missing).filter(|entry| entry.note == RANDOM);
        let random = random.map(|entry| {
            format!("has no tensor for `{}` {:?}", entry.parameter.as_deref().unwrap_or_default(), entry.shape)
        });
        let over = self.report.of(ImportStatus::LeftOver);
        let over = over.map(|entry| {
            format!(
                "has `{}` {:?}, which has no place in the network",
                entry.key.as_deref().unwrap_or_default(),
                entry.shape
            )
        });
        let problems: Vec<String> = random.chain(over).collect();
        if problems.is_empty() {
            return self.partial();
        }
        let more = match problems.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let listed = problems[..problems.len().min(LISTED)].join("; ");
        let cure = "pair them in a map file, leave tensors out with its `drop`, or import what fits with --partial";
        Err(Error::file(self.origin, format!("{listed}{more}; {cure}")))
    }

    /// The network, with initial weights where there is no tensor.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if a value is out of the range of its parameter.
    pub fn partial(self) -> Result<Checkpoint, Error> {
        // what cannot be loaded again is not worth having
        self.checkpoint.network(&Device::default()).map_err(|error| match error {
            Error::File { problem, .. } => Error::file(self.origin, problem),
            other => other,
        })?;
        Ok(self.checkpoint)
    }
}

/// Note of a weight without a tensor.
pub(super) const RANDOM: &str = "drawn at random";
