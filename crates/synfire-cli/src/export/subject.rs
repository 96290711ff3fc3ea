//! The network that is exported.

use crate::run::Trained;
use std::path::Path;
use synfire::checkpoint::Checkpoint;
use synfire_data::Dataset;

/// A network on its way to a file, and the data that a format may ask for.
pub(super) struct Subject<'a> {
    trained: Trained,
    /// Its checkpoint, without the state of the training.
    pub(super) checkpoint: Checkpoint,
    data: Option<&'a Path>,
    samples: Option<usize>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(trained: Trained, data: Option<&'a Path>, samples: Option<usize>) -> Self {
        let checkpoint = trained.checkpoint.clone().inference_only();
        Subject { trained, checkpoint, data, samples }
    }

    /// The data set.
    pub(super) fn data(&self) -> anyhow::Result<Dataset> {
        self.trained.data(self.data)
    }

    /// Test samples that were asked for: the first ones, or all.
    pub(super) fn test_samples(&self, data: &Dataset) -> Vec<usize> {
        (0..data.test.len().min(self.samples.unwrap_or(usize::MAX))).collect()
    }
}
