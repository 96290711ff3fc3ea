//! Checkpoints: a network, and if wanted the state of its training, in one file.

mod burnpack;
mod safetensors;

use crate::Error;
use crate::network::{Network, NetworkConfig};
use crate::parameters::{Replacement, raw_values, with_raw_values};
use crate::train::{EpochRecord, TrainConfig};
use burn::module::ParamId;
use burn::optim::OptimizerRecord;
use burn::tensor::{Bytes, Device, TensorData};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Version of what stands in the files. Other versions are refused.
pub const SCHEMA: u32 = 1;

/// What a file says of the network in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// Always [`SCHEMA`].
    pub schema: u32,
    /// Version of Synfire that wrote it.
    pub synfire: String,
    /// The network.
    pub network: NetworkConfig,
    /// Shape of a sample.
    pub input: Vec<usize>,
    /// Number of classes.
    pub classes: usize,
}

/// Where a training is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Epochs done.
    pub epoch: usize,
    /// Batches done of the epoch that has begun.
    pub batch: usize,
    samples: usize,
    loss: f64,
    correct: usize,
}

impl Position {
    pub(crate) fn add(&mut self, samples: usize, loss: f32, correct: usize) {
        self.batch += 1;
        self.samples += samples;
        self.loss += f64::from(loss) * samples as f64;
        self.correct += correct;
    }

    /// The beginning of the next epoch.
    pub(crate) fn next_epoch(&self) -> Self {
        Position { epoch: self.epoch + 1, ..Position::default() }
    }

    /// Mean loss and accuracy of the epoch that has begun.
    pub(crate) fn means(&self) -> (f64, f64) {
        let samples = self.samples.max(1) as f64;
        (self.loss / samples, self.correct as f64 / samples)
    }
}

/// What a training needs to go on, beside the parameters and the optimisers' states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingState {
    /// How it trains.
    pub config: TrainConfig,
    /// Where it is. Data order and random encoders follow from the seed and this.
    pub position: Position,
    /// What it measured.
    pub history: Vec<EpochRecord>,
}

/// A parameter in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredParameter {
    /// `layers.0.weight`
    pub name: String,
    /// Its shape; weights are `[inputs, outputs]`.
    pub shape: Vec<usize>,
    /// What the model uses, in its units.
    pub values: Vec<f32>,
    /// What the optimiser moves, where that is something else (a learnable `tau_m`): exact.
    pub raw: Option<Vec<f32>>,
    /// Its key in optimiser states.
    pub id: Option<u64>,
}

/// A network on disk, and perhaps the state of its training.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// What it is.
    pub description: Description,
    /// Its numbers.
    pub parameters: Vec<StoredParameter>,
    training: Option<(TrainingState, [Vec<u8>; 2])>,
    /// Where it was read from, for messages.
    origin: PathBuf,
}

impl Checkpoint {
    /// A network without the state of its training: for inference and fine-tuning.
    #[must_use]
    pub fn of(network: &Network) -> Self {
        let description = Description {
            schema: SCHEMA,
            synfire: env!("CARGO_PKG_VERSION").to_string(),
            network: network.config().clone(),
            input: network.input().to_vec(),
            classes: network.classes(),
        };
        let numbers = |data: TensorData| data.try_into_vec::<f32>().unwrap_or_default();
        let parameters = network
            .values()
            .into_iter()
            .zip(raw_values(network))
            .map(|((parameter, values), (_, raw))| {
                let shape = values.shape().to_vec();
                let (values, raw) = (numbers(values), numbers(raw));
                let raw = (raw != values).then_some(raw);
                StoredParameter { name: parameter.name, shape, values, raw, id: Some(parameter.id.val()) }
            })
            .collect();
        Checkpoint { description, parameters, training: None, origin: PathBuf::new() }
    }

    pub(crate) fn of_training(network: &Network, state: TrainingState, optimizers: [OptimizerRecord; 2]) -> Self {
        let bytes = optimizers.map(|record| record.into_bytes().map(|bytes| bytes.to_vec()).unwrap_or_default());
        Checkpoint { training: Some((state, bytes)), ..Self::of(network) }
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

    /// Builds the network.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if its numbers do not fit its description.
    pub fn network(&self, device: &Device) -> Result<Network, Error> {
        let d = &self.description;
        self.check_description()?;
        let network = d.network.init(&d.input, d.classes, 0, device)?;
        self.load_into(network, false)
    }

    /// Compares the description with the numbers, before a network of the described size is built: a
    /// damaged or malicious file cannot ask for more memory than it has bytes.
    fn check_description(&self) -> Result<(), Error> {
        let d = &self.description;
        for (name, expected) in d.network.weights(&d.input, d.classes)? {
            match self.parameters.iter().find(|p| p.name == name) {
                Some(stored) if stored.shape == expected => {}
                Some(stored) => return Err(self.wrong_shape(stored, &expected)),
                None => return Err(Error::file(&self.origin, format!("has no `{name}`; the file is damaged"))),
            }
        }
        Ok(())
    }

    /// Puts the numbers into a network of the same shape; with `ids` also the keys that the optimisers'
    /// states refer to.
    pub(crate) fn load_into(&self, network: Network, ids: bool) -> Result<Network, Error> {
        let refuse = |problem: String| Error::file(&self.origin, problem);
        let names: Vec<String> = network.parameters().into_iter().map(|p| p.name).collect();
        if let Some(extra) = self.parameters.iter().find(|stored| !names.contains(&stored.name)) {
            return Err(refuse(format!(
                "holds `{}`, which the network does not have; it is the checkpoint of another network",
                extra.name
            )));
        }
        for stored in &self.parameters {
            let Some([low, high]) = network.range(&stored.name) else { continue };
            if let Some(value) = stored.values.iter().find(|value| !(low..=high).contains(value)) {
                return Err(refuse(format!(
                    "holds a `{}` of {value}, the network keeps it in {low} to {high}; widen its `range`",
                    stored.name
                )));
            }
        }
        // what the model uses first, then the exact numbers where there are any
        let mut loaded = network;
        for stored in self.parameters.iter().filter(|stored| stored.raw.is_none()) {
            self.check_shape(&loaded, stored)?;
            loaded = loaded.with_value(&stored.name, &stored.values)?;
        }
        with_raw_values(loaded, |parameter| {
            let shape = &parameter.shape;
            let stored = self.parameters.iter().find(|stored| stored.name == parameter.name).ok_or_else(|| {
                refuse(format!("has no `{}`; it is the checkpoint of another network", parameter.name))
            })?;
            if stored.shape != *shape {
                return Err(self.wrong_shape(stored, shape));
            }
            let raw = stored.raw.as_ref().map(|raw| TensorData::new(raw.clone(), shape.clone()));
            Ok(Replacement { id: stored.id.filter(|_| ids).map(ParamId::from), raw })
        })
    }

    fn check_shape(&self, network: &Network, stored: &StoredParameter) -> Result<(), Error> {
        let found = raw_values(network).into_iter().find(|(parameter, _)| parameter.name == stored.name);
        match found {
            Some((_, data)) if data.shape().to_vec() != stored.shape => {
                Err(self.wrong_shape(stored, &data.shape().to_vec()))
            }
            _ => Ok(()),
        }
    }

    fn wrong_shape(&self, stored: &StoredParameter, expected: &[usize]) -> Error {
        Error::file(
            &self.origin,
            format!(
                "`{}` has shape {:?}, the network needs {expected:?}; it is the checkpoint of another network",
                stored.name, stored.shape
            ),
        )
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

    /// Reads burnpack or safetensors, told by the content.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is none of them, cut short or damaged, or of another schema.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| {
            Error::file(path, format!("could not be read: {error}; expected a checkpoint (.bpk or .safetensors)"))
        })?;
        Self::parse(&bytes, path)
    }

    /// Reads a checkpoint from memory; `origin` is its name in messages.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn parse(bytes: &[u8], origin: &Path) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Err(Error::file(origin, "is empty; expected a checkpoint (.bpk or .safetensors)"));
        }
        if burnpack::recognises(bytes) { burnpack::decode(bytes, origin) } else { safetensors::decode(bytes, origin) }
    }
}

/// The description out of its JSON, if it is of this schema.
fn parse_description(json: &str, origin: &Path) -> Result<Description, Error> {
    #[derive(Deserialize)]
    struct Version {
        schema: u32,
    }
    let damaged = |error: serde_json::Error| Error::file(origin, format!("its description is damaged: {error}"));
    let Version { schema } = serde_json::from_str(json).map_err(damaged)?;
    if schema != SCHEMA {
        return Err(Error::file(
            origin,
            format!(
                "was written in schema {schema}, this version reads schema {SCHEMA}; export it again with the version that wrote it"
            ),
        ));
    }
    serde_json::from_str(json).map_err(damaged)
}

/// Key of the description in the metadata of both formats.
const DESCRIPTION: &str = "synfire";
