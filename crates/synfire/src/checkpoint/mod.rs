//! Checkpoints: a model, and if wanted the state of its training, in one file.

mod burnpack;
mod checksum;
mod description;
mod load;
mod safetensors;
mod sample_range;
mod state;

pub(crate) use checksum::hexadecimal;
pub use description::{Description, SCHEMA, TaskKind};
pub(crate) use load::Purpose;
pub use sample_range::SampleRange;
pub use state::{Position, TrainingState};

use crate::Error;
use crate::host::floats;
use crate::network::{Network, NetworkConfig};
use crate::parameters::{raw_values, values};
use crate::train::BuildModel;
use burn::optim::OptimizerRecord;
use burn::tensor::{Bytes, Device};
use description::KEY;
use std::path::{Path, PathBuf};
use synfire_data::DataOptions;

/// A parameter in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredParameter {
    /// `layers.0.weight`
    pub name: String,
    /// Its shape, axes in PyTorch's order: the weight of a linear layer is `[outputs, inputs]`.
    pub shape: Vec<usize>,
    /// Values in the model's units.
    pub values: Vec<f32>,
    /// Values as the optimiser moves them, exact, where they differ (a learnable `tau_m`).
    pub raw: Option<Vec<f32>>,
    /// Its key in optimiser states.
    pub id: Option<u64>,
}

impl StoredParameter {
    /// Exchanges the axes of a weight with two of them.
    fn transpose(&mut self) {
        let [rows, columns] = self.shape[..] else { return };
        let exchanged = |values: &[f32]| -> Vec<f32> {
            (0..columns).flat_map(|c| (0..rows).map(move |r| values[r * columns + c])).collect()
        };
        self.shape.reverse();
        self.values = exchanged(&self.values);
        self.raw = self.raw.as_deref().map(exchanged);
    }
}

/// A model on disk, and perhaps the state of its training. The settings of the model are of type `C`.
#[derive(Clone, Debug)]
pub struct Checkpoint<C = NetworkConfig> {
    /// Settings of the model.
    pub description: Description<C>,
    /// Its parameters and buffers.
    pub parameters: Vec<StoredParameter>,
    training: Option<(TrainingState, [Vec<u8>; 2])>,
    /// Where it was read from, for messages.
    origin: PathBuf,
}

impl Checkpoint {
    /// A network without the state of its training: for inference and fine-tuning.
    #[must_use]
    pub fn of(network: &Network) -> Self {
        Self::of_model(network.config(), network.input(), network.classes(), network)
    }

    /// Reads a network from burnpack or safetensors, told by the content.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is none of them, cut short or damaged, of another model or another schema.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open(path)
    }

    /// Reads a network from memory; `origin` is its name in messages.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn parse(bytes: &[u8], origin: &Path) -> Result<Self, Error> {
        Self::decode(bytes, origin)
    }

    /// Builds the network.
    ///
    /// # Errors
    ///
    /// As [`model`](Self::model).
    pub fn network(&self, device: &Device) -> Result<Network, Error> {
        self.model(device)
    }
}

impl<C: BuildModel> Checkpoint<C> {
    /// A model without the state of its training, for samples of shape `input` and this many classes or values.
    #[must_use]
    pub fn of_model(config: &C, input: &[usize], outputs: usize, model: &C::Model) -> Self {
        let description = Description::of(config.clone(), input.to_vec(), outputs);
        let parameters = values(model)
            .into_iter()
            .zip(raw_values(model))
            .map(|((parameter, values), (_, raw))| {
                let shape = values.shape().to_vec();
                let (values, raw) = (floats(&values), floats(&raw));
                let raw = (raw != values).then_some(raw);
                StoredParameter { name: parameter.name, shape, values, raw, id: Some(parameter.id.val()) }
            })
            .collect();
        Checkpoint { description, parameters, training: None, origin: PathBuf::new() }
    }

    /// The same for samples that were read with these options.
    #[must_use]
    pub fn with_data(mut self, options: DataOptions) -> Self {
        self.description.data = options;
        self
    }

    /// The same for a task of this kind.
    #[must_use]
    pub fn with_task(mut self, task: TaskKind) -> Self {
        self.description.task = Some(task);
        self
    }

    /// The same for samples with values of this range.
    #[must_use]
    pub fn with_samples(mut self, samples: Option<SampleRange>) -> Self {
        self.description.samples = samples;
        self
    }

    /// The same with the state of its training.
    pub(crate) fn with_training(
        self,
        state: TrainingState,
        [connections, neurons]: [OptimizerRecord; 2],
    ) -> Result<Self, Error> {
        let bytes = |record: OptimizerRecord| match record.into_bytes() {
            Ok(bytes) => Ok(bytes.to_vec()),
            Err(error) => Err(Error::config("optimizer", format!("its state cannot be written: {error}"))),
        };
        Ok(Checkpoint { training: Some((state, [bytes(connections)?, bytes(neurons)?])), ..self })
    }

    /// The same without the state of the training.
    #[must_use]
    pub fn inference_only(&self) -> Self {
        Checkpoint { training: None, ..self.clone() }
    }

    /// The state of the training.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if this checkpoint has none.
    pub fn training_state(&self) -> Result<&TrainingState, Error> {
        let problem = "has no training state (it is for inference); resume from `checkpoints/last.bpk`, or start from it with --init";
        self.training.as_ref().map(|(state, _)| state).ok_or_else(|| Error::file(&self.origin, problem))
    }

    /// Whether a training can continue from it.
    #[must_use]
    pub fn is_resumable(&self) -> bool {
        self.training.is_some()
    }

    pub(crate) fn damaged_optimizers(&self) -> Error {
        Error::file(&self.origin, "the optimiser's state is damaged; copy the file again, or start from it with --init")
    }

    pub(crate) fn optimizer_states(&self) -> Result<[OptimizerRecord; 2], Error> {
        let read = |bytes: &[u8]| {
            OptimizerRecord::from_bytes(Bytes::from_bytes_vec(bytes.to_vec()))
                .map_err(|error| Error::file(&self.origin, format!("the optimiser's state is damaged: {error}")))
        };
        match &self.training {
            Some((_, [connections, neurons])) => Ok([read(connections)?, read(neurons)?]),
            None => {
                Err(self.training_state().err().unwrap_or_else(|| Error::file(&self.origin, "has no training state")))
            }
        }
    }

    fn refuse(&self, problem: String) -> Error {
        Error::file(&self.origin, problem)
    }

    /// Writes burnpack, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        crate::train::write_whole(path, &burnpack::encode(self, path)?)
    }

    /// Writes safetensors for other programs, without training state: what the model uses, in its units,
    /// and the description in the metadata.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the disk refuses.
    pub fn write_safetensors(&self, path: &Path) -> Result<(), Error> {
        crate::train::write_whole(path, &safetensors::encode(self, path)?)
    }

    /// Reads a model from burnpack or safetensors, told by the content.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is none of them, cut short or damaged, of another model or another schema.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| {
            Error::file(path, format!("could not be read: {error}; expected a checkpoint (.bpk or .safetensors)"))
        })?;
        Self::decode(&bytes, path)
    }

    /// Reads a model from memory; `origin` is its name in messages.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn decode(bytes: &[u8], origin: &Path) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Err(Error::file(origin, "is empty; expected a checkpoint (.bpk or .safetensors)"));
        }
        if burnpack::recognises(bytes) { burnpack::decode(bytes, origin) } else { safetensors::decode(bytes, origin) }
    }
}
