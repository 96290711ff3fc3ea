//! Evaluation of a training's model.

use super::Training;
use crate::Error;
use crate::checkpoint::Checkpoint;
use crate::coding::Source;
use crate::host::floats;
use crate::network::{Network, NetworkConfig};
use crate::train::evaluate::{evaluate_shared, inference_seed, time_constants};
use crate::train::parallel::broadcast;
use crate::train::{BuildModel, Evaluation, RunFolder};
use burn::tensor::Device;
use synfire_data::{Batch, Split};

impl<C: BuildModel> Training<C> {
    /// Measures the model on the test data.
    ///
    /// # Errors
    ///
    /// If the model cannot take the samples.
    pub fn test(&self) -> Result<Evaluation, Error> {
        self.test_of(&self.model())
    }

    pub(in crate::train) fn test_of(&self, model: &C::Model) -> Result<Evaluation, Error> {
        let indices: Vec<usize> = (0..self.data.test.len()).collect();
        self.evaluate(model, &self.data.test, &indices)
    }

    /// Measures the model that is [kept](Self::kept) on the test data.
    ///
    /// # Errors
    ///
    /// As [`kept`](Self::kept) and [`test`](Self::test).
    pub fn test_kept(&self, folder: &RunFolder) -> Result<Evaluation, Error> {
        self.test_of(&self.kept(folder)?)
    }

    /// The model of a run folder that is kept, without autodiff: the best on the validation data, or the last where
    /// there are none. Where processes train together, rank 0 reads it and sends it to the others.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the checkpoint cannot be read.
    pub fn kept(&self, folder: &RunFolder) -> Result<C::Model, Error> {
        let file = folder.checkpoint("best");
        let own = match self.kept_checkpoint(folder) {
            ("best", _) => {
                std::fs::read(&file).map_err(|error| Error::file(&file, format!("could not be read: {error}")))
            }
            _ => Ok(vec![]),
        };
        match broadcast(&*self.ranks, own?)? {
            none if none.is_empty() => Ok(self.model()),
            bytes => Checkpoint::<C>::decode(&bytes, &file)?.model(&self.inference_device()),
        }
    }

    /// Name of the checkpoint with the model that is [kept](Self::kept), and the epoch that it is from.
    pub(in crate::train) fn kept_checkpoint(&self, folder: &RunFolder) -> (&'static str, usize) {
        let is_there = || folder.is_written() && folder.checkpoint("best").is_file();
        match self.best_epoch().filter(|_| self.options.validation > 0.0 && is_there()) {
            Some(epoch) => ("best", epoch),
            None => ("last", self.history.len()),
        }
    }

    /// Duration of the training so far in s, since it began or was resumed.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    pub(super) fn evaluate(&self, model: &C::Model, split: &Split, indices: &[usize]) -> Result<Evaluation, Error> {
        evaluate_shared(&*self.ranks, model, split, indices, &self.options, &self.inference_device())
    }

    pub(super) fn inference_device(&self) -> Device {
        self.device.clone().inner()
    }

    /// Time constants now, by name: mean over their values, in the model's unit.
    #[must_use]
    pub fn time_constants(&self) -> Vec<(String, f64)> {
        time_constants(&self.model())
    }
}

impl Training<NetworkConfig> {
    /// Scores of a batch, `[B * classes]`.
    ///
    /// # Errors
    ///
    /// As [`Network::forward`].
    pub fn scores(&self, network: &Network, batch: &Batch) -> Result<Vec<f32>, Error> {
        let samples = Source::from_batch(batch, &self.inference_device());
        Ok(floats(&network.forward(samples, inference_seed(&self.options))?.into_data()))
    }
}
