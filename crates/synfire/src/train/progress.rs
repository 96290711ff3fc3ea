//! Progress of a training, as its observer sees it.

use super::EpochRecord;

/// Progress of a training. The observer answers whether it goes on; a training that it breaks off can be resumed.
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
