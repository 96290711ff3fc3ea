//! How good the network of a training is.

use super::Trainer;
use crate::Error;
use crate::network::Network;
use crate::train::Evaluation;
use crate::train::evaluate::{evaluate, tensors, time_constants};
use synfire_data::{Batch, Split};

impl Trainer {
    /// Scores of a batch, `[B * classes]` numbers.
    ///
    /// # Errors
    ///
    /// As [`Network::forward`].
    pub fn scores(&self, network: &Network, batch: &Batch) -> Result<Vec<f32>, Error> {
        let (pixels, _) = tensors(batch, &self.device.clone().inner())?;
        Ok(network.forward(pixels, 0)?.into_data().try_into_vec().unwrap_or_default())
    }

    /// How good the network is on the test data.
    ///
    /// # Errors
    ///
    /// As [`Network::forward`].
    pub fn test(&self) -> Result<Evaluation, Error> {
        let indices: Vec<usize> = (0..self.data.test.len()).collect();
        self.evaluate(&self.network(), &self.data.test, &indices)
    }

    pub(super) fn evaluate(&self, network: &Network, split: &Split, indices: &[usize]) -> Result<Evaluation, Error> {
        evaluate(network, split, indices, &self.config, &self.device.clone().inner())
    }

    /// Time constants now, by name: mean over their values, in the model's unit.
    #[must_use]
    pub fn time_constants(&self) -> Vec<(String, f64)> {
        time_constants(&self.network())
    }
}
