//! What an observer of a training is told, and answers.

use super::EpochRecord;

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Save and stop at the next batch.
    Stop,
}

/// What an observer of a training is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// A step was taken.
    Step {
        /// From 1.
        epoch: usize,
        /// Batches done in this epoch.
        batch: usize,
        /// Batches of an epoch.
        batches: usize,
        /// Loss of this batch.
        loss: f32,
    },
    /// An epoch ended.
    Epoch(&'a EpochRecord),
}
