//! A training from beginning to end, and what it leaves in its run folder.

use super::Trainer;
use crate::checkpoint::{Checkpoint, TrainingState};
use crate::train::evaluate::tensors;
use crate::train::{Flow, Progress, RunFolder};
use crate::{Error, pictures};

impl Trainer {
    /// Trains to the end, and keeps the run folder up to date: configuration, metrics, learning curves,
    /// the checkpoints `last` and `best`, and pictures of a test sample at the end.
    ///
    /// Returns whether it came to its end (and was not stopped by the observer).
    ///
    /// # Errors
    ///
    /// As [`epoch`](Self::epoch), or [`Error::File`] if the folder cannot be written.
    pub fn fit(&mut self, folder: &RunFolder, observer: &mut dyn FnMut(Progress<'_>) -> Flow) -> Result<bool, Error> {
        folder.write_config(&self.config)?;
        let title = format!("{} on {}", self.model_names(), self.data.name);
        let mut stopped = false;
        loop {
            let before = self.history.len();
            let more = self.epoch(&mut |progress| {
                let flow = observer(progress);
                stopped |= flow == Flow::Stop;
                flow
            })?;
            let checkpoint = self.checkpoint();
            checkpoint.write(&folder.checkpoint("last"))?;
            if self.history.len() > before {
                if self.best_epoch() == Some(self.history.len()) {
                    checkpoint.inference_only().write(&folder.checkpoint("best"))?;
                }
                folder.write_metrics(&title, &self.history)?;
            }
            if !more {
                break;
            }
        }
        let sample = self.data.test.batch(&[0])?;
        let (pixels, _) = tensors(&sample, &self.device.clone().inner())?;
        pictures::write_sample(folder, &self.network(), pixels, sample.targets.classes()?[0])?;
        Ok(!stopped)
    }

    /// A checkpoint to continue from.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        let state = TrainingState {
            config: self.config.clone(),
            position: self.position.clone(),
            history: self.history.clone(),
        };
        let optimizers = [self.optimizers.connections.to_record(), self.optimizers.neurons.to_record()];
        Checkpoint::of_training(&self.network, state, optimizers)
    }

    fn model_names(&self) -> String {
        let neurons = self.network.layers().iter().filter_map(|node| node.neurons());
        let mut names: Vec<&str> = neurons.map(|neurons| neurons.info().name).collect();
        names.dedup();
        names.join(" + ")
    }
}
