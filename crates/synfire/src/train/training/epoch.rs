//! One pass over the training data, and when there have been enough of them.

use super::Training;
use super::step::{Step, StepResult};
use crate::Error;
use crate::host::floats;
use crate::parameters::values;
use crate::train::evaluate::{learning_time_constants, mix};
use crate::train::parallel::any;
use crate::train::shards::Shards;
use crate::train::{BuildModel, EpochRecord, Progress, Trainable};
use std::ops::ControlFlow;
use synfire_data::EpochOrder;

/// Samples on which firing rates are measured.
const PROBE: usize = 256;

/// Values that no parameter has: time constants are kept below it by their representation, products of weights overflow.
const DIVERGED: f32 = 1e17;

impl<C: BuildModel> Training<C> {
    /// Trains one epoch, or the rest of one. Returns whether there is more to do: `false` after the last
    /// epoch, when validation has not improved for long enough, or when the observer ended it.
    ///
    /// # Errors
    ///
    /// [`Error::Diverged`] if the loss is not a number, [`Error::NotFinite`] if a parameter is not.
    pub fn epoch(&mut self, observer: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>) -> Result<bool, Error> {
        self.epoch_saving(observer, &mut |_| Ok(()))
    }

    /// Trains all epochs that are left.
    ///
    /// # Errors
    ///
    /// As [`epoch`](Self::epoch).
    pub fn run(&mut self) -> Result<(), Error> {
        while self.epoch(&mut |_| ControlFlow::Continue(()))? {}
        Ok(())
    }

    /// As [`epoch`](Self::epoch); `save` is called after every step but the last one.
    pub(super) fn epoch_saving(
        &mut self,
        observer: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
        save: &mut dyn FnMut(&Self) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let options = self.options.clone();
        if self.position.epoch >= options.epochs || self.stopped_early() {
            return Ok(false);
        }
        let epoch = self.position.epoch;
        let order = EpochOrder::of(self.train.clone(), options.seed, epoch as u64);
        let batches = self.batches();
        let mut norms = Vec::new();
        let mut rate = 0.0;
        let left: Vec<&[usize]> =
            order.batches(options.batch_size, options.drop_last).skip(self.position.batch).collect();
        let mut shards = Shards::begin(&self.data.train, self.shards(&left), self.random(epoch));
        for (i, indices) in (self.position.batch..).zip(left) {
            let progress = epoch as f64 + (i + 1) as f64 / batches as f64;
            let factor = options.schedule.factor(progress, options.epochs, options.warmup);
            rate = options.learning_rate * factor;
            let sample_seed = mix(options.seed, epoch, 0);
            let step = Step { seed: mix(options.seed, epoch, i), sample_seed, factor, last: i + 1 == batches };
            let StepResult { loss, count, correct, norms: step_norms } = self.step(indices, &mut shards, &step)?;
            if !loss.is_finite() {
                let (batch, precision) = (i + 1, self.model.precision());
                return Err(Error::Diverged { loss, epoch: epoch + 1, batch, learning_rate: rate, precision });
            }
            norms = step_norms;
            self.position.add(count, loss, correct);
            let told = Progress::Step { epoch: epoch + 1, batch: i + 1, batches, loss };
            let stop = observer(told).is_break();
            if i + 1 < batches {
                if any(&*self.ranks, stop)? {
                    return Ok(false);
                }
                save(self)?;
            }
        }
        self.check_finite(epoch + 1, rate)?;
        self.check_weights()?;
        let record = self.close_epoch(rate, norms)?;
        let stop = any(&*self.ranks, observer(Progress::Epoch(&record)).is_break())?;
        self.history.push(record);
        Ok(!stop && self.position.epoch < options.epochs && !self.stopped_early())
    }

    /// Refuses parameters that are not finite, or so large that the training has diverged.
    fn check_finite(&self, epoch: usize, learning_rate: f64) -> Result<(), Error> {
        for (parameter, data) in values(&self.model) {
            if let Some(&value) = floats(&data).iter().find(|value| value.is_nan() || value.abs() >= DIVERGED) {
                let (parameter, precision) = (format!("`{}`", parameter.name), self.model.precision());
                return Err(Error::NotFinite { parameter, value, epoch, learning_rate, precision });
            }
        }
        Ok(())
    }

    fn close_epoch(&mut self, learning_rate: f64, norms: Vec<(String, f64)>) -> Result<EpochRecord, Error> {
        let model = self.model();
        let validation = match self.validation.is_empty() {
            true => None,
            false => Some(self.evaluate(&model, &self.data.train, &self.validation)?),
        };
        let probe = &self.train[..self.train.len().min(PROBE)];
        let firing_rates = match &validation {
            Some(validation) => validation.firing_rates.clone(),
            None => self.evaluate(&model, &self.data.train, probe)?.firing_rates,
        };
        let (train_loss, train_accuracy) = self.position.means();
        self.position = self.position.next_epoch();
        Ok(EpochRecord {
            epoch: self.position.epoch,
            train_loss,
            train_accuracy,
            validation_loss: validation.as_ref().map(|v| v.loss),
            validation_accuracy: validation.as_ref().map(|v| v.accuracy).filter(|accuracy| !accuracy.is_nan()),
            learning_rate,
            firing_rates,
            gradient_norms: norms.into_iter().collect(),
            time_constants: learning_time_constants(&model),
        })
    }

    /// Whether validation has not improved for `patience` epochs: there is nothing more to do.
    #[must_use]
    pub fn stopped_early(&self) -> bool {
        let Some(patience) = self.options.patience else { return false };
        self.best_epoch().is_some_and(|best| self.history.len() >= best + patience)
    }

    /// The epoch (from 1) with the lowest validation loss; without validation, the lowest training loss.
    #[must_use]
    pub fn best_epoch(&self) -> Option<usize> {
        let score = |record: &EpochRecord| record.validation_loss.unwrap_or(record.train_loss);
        self.history.iter().min_by(|a, b| score(a).total_cmp(&score(b))).map(|record| record.epoch)
    }
}
