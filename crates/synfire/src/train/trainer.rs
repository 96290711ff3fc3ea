//! The training loop.

mod epoch;
mod fit;
mod measure;
mod start;
mod step;

use super::optimizers::Optimizers;
use super::{EpochRecord, TrainConfig};
use crate::checkpoint::Position;
use crate::coding::Loss;
use crate::network::Network;
use crate::parameters::NamedParameter;
use burn::module::Module;
use burn::tensor::Device;
use std::sync::Arc;
use synfire_data::Dataset;

/// Trains a network on a data set.
///
/// Everything random is a pure function of the seed, the epoch and the batch: a training that was
/// stopped and resumed takes the same steps, bit by bit, as one that was not.
///
/// ```
/// use std::sync::Arc;
/// use burn::tensor::Device;
/// use synfire::train::{Flow, TrainConfig, Trainer};
/// use synfire_data::Dataset;
///
/// let mut config = TrainConfig::standard();
/// config.training.epochs = 1;
/// let digits = Arc::new(Dataset::digits());
/// let mut trainer = Trainer::new(config, digits, &Device::default())?;
/// while trainer.epoch(&mut |_| Flow::Continue)? {}
/// let test = trainer.test()?;
/// assert!(test.accuracy > 0.5);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Debug)]
pub struct Trainer {
    config: TrainConfig,
    data: Arc<Dataset>,
    device: Device,
    network: Network,
    /// Those that learn.
    parameters: Vec<NamedParameter>,
    loss: Loss,
    optimizers: Optimizers,
    train: Vec<usize>,
    validation: Vec<usize>,
    position: Position,
    history: Vec<EpochRecord>,
}

impl Trainer {
    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// Trains up to this many epochs instead of the configured number.
    pub fn set_epochs(&mut self, epochs: usize) {
        self.config.training.epochs = epochs;
    }

    /// The network as it is now, without autodiff.
    #[must_use]
    pub fn network(&self) -> Network {
        self.network.clone().valid()
    }

    /// The parameters that learn.
    #[must_use]
    pub fn learning(&self) -> &[NamedParameter] {
        &self.parameters
    }

    /// What was measured so far.
    #[must_use]
    pub fn history(&self) -> &[EpochRecord] {
        &self.history
    }

    /// Steps of an epoch.
    #[must_use]
    pub fn batches(&self) -> usize {
        let size = self.config.training.batch_size;
        if self.config.training.drop_last { self.train.len() / size } else { self.train.len().div_ceil(size) }
    }
}
