//! A training from beginning to end, and what it leaves in its run folder.

use super::Training;
use crate::checkpoint::{Checkpoint, TaskKind, TrainingState};
use crate::train::evaluate::inference_seed;
use crate::train::parallel::any;
use crate::train::{BuildModel, Progress, RunFolder, ShardContext, Trainable};
use crate::{Error, pictures};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use synfire_data::Targets;

impl<C: BuildModel> Training<C> {
    /// Trains to the end, and keeps the run folder up to date: configuration, metrics, learning curves,
    /// the checkpoints `last` and `best`, and pictures of a test sample at the end. Where processes train together, rank 0
    /// writes, and the folder of the others is [one that is not written](RunFolder::unwritten).
    ///
    /// Returns whether it came to its end (and was not ended by the observer).
    ///
    /// # Errors
    ///
    /// As [`epoch`](Self::epoch), or [`Error::File`] if the folder cannot be written or another process trains in it.
    pub fn fit(
        &mut self,
        folder: &RunFolder,
        observer: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<bool, Error> {
        let _lock = folder.lock()?;
        folder.remove_result()?;
        folder.write_config(&self.config, &self.options, &self.data.options)?;
        let title = self.title();
        let mut stopped = false;
        let mut due = Due::new(self.options.checkpoint_batches, self.options.checkpoint_minutes);
        loop {
            let begun = Instant::now();
            let before = self.history.len();
            let more = self.epoch_saving(
                &mut |progress| {
                    let flow = observer(progress);
                    stopped |= flow.is_break();
                    flow
                },
                &mut |training| match due.is_now(training.position.batch) {
                    true => folder.write_checkpoint("last", || training.checkpoint()),
                    false => Ok(()),
                },
            )?;
            self.seconds += begun.elapsed().as_secs_f64();
            if self.history.len() > before {
                if self.best_epoch() == Some(self.history.len()) {
                    folder.write_checkpoint("best", || Ok(self.checkpoint()?.inference_only()))?;
                }
                folder.write_metrics(&title, &self.history)?;
            }
            // after all that it says is there: who is killed before repeats the epoch
            folder.write_checkpoint("last", || self.checkpoint())?;
            if !more {
                break;
            }
        }
        if folder.is_written() {
            self.draw(folder)?;
        }
        Ok(!any(&*self.ranks, stopped)?)
    }

    /// Title of pictures: the model and its data.
    pub(in crate::train) fn title(&self) -> String {
        format!("{} on {}", self.model.name(), self.data.name)
    }

    /// Pictures of the first test sample.
    fn draw(&self, folder: &RunFolder) -> Result<(), Error> {
        let sample = self.data.test.batch(&[0])?;
        let (model, device) = (self.model(), self.inference_device());
        let context = ShardContext {
            device: &device,
            seed: inference_seed(&self.options),
            is_training: false,
            options: &self.options,
        };
        let recording = model.record(&sample, &context)?;
        if recording.layers.is_empty() {
            return Ok(());
        }
        // a class per step is no class of the sample
        let answer = match &sample.targets {
            Targets::Classes(_) => model.shard(&sample, &context)?.answers.first().copied(),
            _ => None,
        };
        let name = format!("test sample 0 of {}", self.data.name);
        pictures::recording(folder, &recording, (&name, &sample), answer, self.data.outputs())
    }

    /// A checkpoint to continue from.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the optimisers' state has no form in files.
    pub fn checkpoint(&self) -> Result<Checkpoint<C>, Error> {
        let state = TrainingState {
            options: self.options.clone(),
            position: self.position.clone(),
            history: self.history.clone(),
            data: Some(self.fingerprint.clone()),
        };
        let optimizers = [self.optimizers.connections.to_record(), self.optimizers.neurons.to_record()];
        let (input, outputs) = (self.data.train.sample_shape(), self.data.outputs());
        Checkpoint::of_model(&self.config, input, outputs, &self.model)
            .with_task(TaskKind::of(self.data.train.target_kind()))
            .with_data(self.data.options.clone())
            .with_samples(self.samples)
            .with_training(state, optimizers)
    }
}

/// When the next checkpoint inside an epoch is due.
struct Due {
    batches: Option<usize>,
    interval: Option<Duration>,
    last: Instant,
}

impl Due {
    fn new(batches: Option<usize>, minutes: Option<f64>) -> Self {
        let interval = minutes.map(|minutes| Duration::from_secs_f64(60.0 * minutes));
        Due { batches, interval, last: Instant::now() }
    }

    /// Whether it is due after this many batches of the epoch.
    fn is_now(&mut self, batch: usize) -> bool {
        let counted = self.batches.is_some_and(|batches| batch.is_multiple_of(batches.max(1)));
        let waited = self.interval.is_some_and(|interval| self.last.elapsed() >= interval);
        if counted || waited {
            self.last = Instant::now();
        }
        counted || waited
    }
}
