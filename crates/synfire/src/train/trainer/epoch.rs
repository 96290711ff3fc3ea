//! One pass over the training data, and when there have been enough of them.

use super::Trainer;
use super::step::{Step, StepResult};
use crate::Error;
use crate::parameters::raw_values;
use crate::train::evaluate::mix;
use crate::train::{EpochRecord, Flow, Progress};
use synfire_data::EpochOrder;

/// Samples on which firing rates are measured.
const PROBE: usize = 256;

impl Trainer {
    /// Trains one epoch, or the rest of one. Returns whether there is more to do: `false` after the last
    /// epoch, when validation has not improved for long enough, or when the observer stopped it.
    ///
    /// # Errors
    ///
    /// [`Error::Diverged`] if the loss is not a number, [`Error::NotFinite`] if a parameter is not.
    pub fn epoch(&mut self, observer: &mut dyn FnMut(Progress<'_>) -> Flow) -> Result<bool, Error> {
        let training = self.config.training.clone();
        if self.position.epoch >= training.epochs {
            return Ok(false);
        }
        let epoch = self.position.epoch;
        let order = EpochOrder::of(self.train.clone(), training.seed, epoch as u64);
        let batches = self.batches();
        let mut norms = Vec::new();
        let mut rate = 0.0;
        for (i, indices) in order.batches(training.batch_size, training.drop_last).enumerate().skip(self.position.batch)
        {
            let progress = epoch as f64 + (i + 1) as f64 / batches as f64;
            let factor = training.schedule.factor(progress, training.epochs, training.warmup);
            rate = training.learning_rate * factor;
            let batch = self.data.train.batch(indices)?;
            let step = Step { seed: mix(training.seed, epoch, i), factor, last: i + 1 == batches };
            let StepResult { loss, correct, norms: step_norms } = self.step(&batch, step)?;
            if !loss.is_finite() {
                return Err(Error::Diverged { loss, epoch: epoch + 1, batch: i + 1, learning_rate: rate });
            }
            norms = step_norms;
            self.position.add(indices.len(), loss, correct);
            let told = Progress::Step { epoch: epoch + 1, batch: i + 1, batches, loss };
            if observer(told) == Flow::Stop && i + 1 < batches {
                return Ok(false);
            }
        }
        self.check_finite(epoch + 1, rate)?;
        let record = self.close_epoch(rate, norms)?;
        let flow = observer(Progress::Epoch(&record));
        self.history.push(record);
        Ok(flow == Flow::Continue && self.position.epoch < training.epochs && !self.is_stuck())
    }

    fn check_finite(&self, epoch: usize, learning_rate: f64) -> Result<(), Error> {
        for (parameter, data) in raw_values(&self.network) {
            let values: Vec<f32> = data.try_into_vec().unwrap_or_default();
            if let Some(&value) = values.iter().find(|value| !value.is_finite()) {
                return Err(Error::NotFinite { parameter: parameter.name, value, epoch, learning_rate });
            }
        }
        Ok(())
    }

    fn close_epoch(&mut self, learning_rate: f64, norms: Vec<(String, f64)>) -> Result<EpochRecord, Error> {
        let network = self.network();
        let validation = match self.validation.is_empty() {
            true => None,
            false => Some(self.evaluate(&network, &self.data.train, &self.validation)?),
        };
        let probe = &self.train[..self.train.len().min(PROBE)];
        let firing_rates = match &validation {
            Some(validation) => validation.firing_rates.clone(),
            None => self.evaluate(&network, &self.data.train, probe)?.firing_rates,
        };
        let (train_loss, train_accuracy) = self.position.means();
        self.position = self.position.next_epoch();
        Ok(EpochRecord {
            epoch: self.position.epoch,
            train_loss,
            train_accuracy,
            validation_loss: validation.as_ref().map(|v| v.loss),
            validation_accuracy: validation.as_ref().map(|v| v.accuracy),
            learning_rate,
            firing_rates,
            gradient_norms: norms.into_iter().collect(),
        })
    }

    /// Whether validation has not improved for `patience` epochs.
    fn is_stuck(&self) -> bool {
        let Some(patience) = self.config.training.patience else { return false };
        self.best_epoch().is_some_and(|best| self.history.len() > best + patience)
    }

    /// The epoch (from 1) with the lowest validation loss; without validation, the lowest training loss.
    #[must_use]
    pub fn best_epoch(&self) -> Option<usize> {
        let score = |record: &EpochRecord| record.validation_loss.unwrap_or(record.train_loss);
        self.history.iter().min_by(|a, b| score(a).total_cmp(&score(b))).map(|record| record.epoch)
    }
}
