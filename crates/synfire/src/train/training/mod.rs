//! A training on its way.

mod compute;
mod epoch;
mod fit;
mod join;
mod measure;
mod start;
mod step;

use super::optimizer::Optimizers;
use super::parallel::Buffers;
use super::{BuildModel, Communicator, EpochRecord, TrainingConfig};
use crate::checkpoint::{Position, SampleRange};
use crate::parameters::NamedParameter;
use burn::module::Module;
use burn::tensor::Device;
use std::sync::Arc;
use synfire_data::{Dataset, batch_count};

/// A training on its way: model, optimisers and position in the data.
///
/// Everything random is a pure function of the seed, the epoch and the batch: a training that was
/// stopped and resumed takes the same steps, bit by bit, as one that was not. Burn's own random numbers too, as long
/// as nothing else in the process draws some at the same time: its generator is one for all.
///
/// ```
/// use synfire::train::{TrainConfig, Trainer};
/// use synfire_data::Dataset;
///
/// let mut training = Trainer::from_config(TrainConfig::standard(), Dataset::digits())?.epochs(1).start()?;
/// training.run()?;
/// assert!(training.test()?.accuracy > 0.5);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Debug)]
pub struct Training<C: BuildModel> {
    config: C,
    options: TrainingConfig,
    data: Arc<Dataset>,
    /// Of the data.
    fingerprint: String,
    /// Range of the values of the training data.
    samples: Option<SampleRange>,
    device: Device,
    model: C::Model,
    /// Those that learn.
    parameters: Vec<NamedParameter>,
    /// Running statistics.
    buffers: Buffers,
    optimizers: Optimizers,
    train: Vec<usize>,
    validation: Vec<usize>,
    position: Position,
    history: Vec<EpochRecord>,
    /// Time that it took so far.
    seconds: f64,
    /// The processes that train together.
    ranks: Arc<dyn Communicator>,
}

impl<C: BuildModel> Training<C> {
    /// Settings of the model.
    #[must_use]
    pub fn config(&self) -> &C {
        &self.config
    }

    /// Options of the training.
    #[must_use]
    pub fn options(&self) -> &TrainingConfig {
        &self.options
    }

    /// Stops after so many epochs without a better validation loss, or never.
    pub fn set_patience(&mut self, patience: Option<usize>) {
        self.options.patience = patience;
    }

    /// Trains up to this epoch instead of the configured one.
    pub fn set_epochs(&mut self, epochs: usize) {
        self.options.epochs = epochs;
    }

    /// The model as it is now, without autodiff.
    #[must_use]
    pub fn model(&self) -> C::Model {
        self.model.valid()
    }

    /// The parameters that learn.
    #[must_use]
    pub fn learning(&self) -> &[NamedParameter] {
        &self.parameters
    }

    /// Measures of the epochs so far.
    #[must_use]
    pub fn history(&self) -> &[EpochRecord] {
        &self.history
    }

    /// Epochs done, and batches of the one that has begun.
    #[must_use]
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Range of the values of the training data, if it is known.
    #[must_use]
    pub fn sample_range(&self) -> Option<SampleRange> {
        self.samples
    }

    /// Steps of an epoch.
    #[must_use]
    pub fn batches(&self) -> usize {
        batch_count(self.train.len(), self.options.batch_size, self.options.drop_last)
    }
}
