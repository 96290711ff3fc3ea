//! Options of a training, as a configuration file writes them.

use super::{ExchangePrecision, Schedule, ShardCount};
use crate::Error;
use crate::coding::{Decoder, Encoder, Loss, Regularizer};
use crate::network::NetworkConfig;
use crate::neuron::{OperatingPoint, registry};
use crate::registry::{plain, word_or_table};
use serde::{Deserialize, Serialize};
use std::path::Path;
use synfire_data::DataOptions;

/// A configuration file: a network and how to train it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainConfig {
    /// Reading of samples.
    #[serde(default, skip_serializing_if = "is_plain")]
    pub data: DataOptions,
    /// Options of the training.
    #[serde(default)]
    pub training: TrainingConfig,
    /// The network to train.
    pub network: NetworkConfig,
}

/// Options of a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingConfig {
    /// Passes over the training data, at least 1.
    pub epochs: usize,
    /// Samples per step, at least 1.
    pub batch_size: usize,
    /// Shards that a step's samples are computed in, one after the other, at least 1: n shards take about an n-th of
    /// the memory, and the step is that of all samples together.
    #[serde(skip_serializing_if = "is_one")]
    pub accumulate: usize,
    /// Shards of a batch whose gradients are added in a fixed binary tree, a power of two: results are the same for any
    /// number of processes that share them; or `"ranks"`, one for each process. If not given, 8 where processes train
    /// together, else 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shards: Option<ShardCount>,
    /// Precision in which gradients travel between processes that train together: `"f32"`, or `"f16"` for half as many bytes,
    /// which needs `shards`, a number above 1. Results are the same for any number of processes, one included.
    #[serde(skip_serializing_if = "is_single")]
    pub exchange_precision: ExchangePrecision,
    /// Steps of a chunk, at least 1: gradients of a series are computed in chunks of so many steps, each of them run twice,
    /// in the memory of one. They are those of all steps together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunk: Option<usize>,
    /// Cut the gradient between chunks: truncated backpropagation through time.
    #[serde(skip_serializing_if = "is_false")]
    pub truncated: bool,
    /// Leave out the last batch of an epoch where it is not full.
    pub drop_last: bool,
    /// Decides initial weights, data order and random encoders.
    pub seed: u64,
    /// The loss; if not given, the one that [suits the decoder](crate::coding::Decode::default_loss).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<Loss>,
    /// The optimiser: a name, or a table with settings.
    #[serde(deserialize_with = "word_or_table")]
    pub optimizer: Optimizer,
    /// Learning rate, above 0.
    pub learning_rate: f64,
    /// Learning rate of the neurons' parameters (time constants); the general one if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neuron_learning_rate: Option<f64>,
    /// Weight decay, 0 or more; never applied to the neurons' parameters.
    pub weight_decay: f32,
    /// Schedule of the learning rates: a name, or a table with settings.
    #[serde(deserialize_with = "word_or_table")]
    pub schedule: Schedule,
    /// Epochs (or a fraction) over which the learning rates rise from 0.
    pub warmup: f64,
    /// Largest norm of the whole gradient; larger ones are scaled down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient_norm: Option<f64>,
    /// Share of the training data held out for validation, in [0, 1).
    pub validation: f64,
    /// Stop after this many epochs without a better validation loss, at least 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    /// Write the checkpoint `last` also after every so many batches of an epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint_batches: Option<usize>,
    /// Write the checkpoint `last` also after so many minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint_minutes: Option<f64>,
    /// Parameters that do not learn, by pattern (`layers.0.*`, `*.tau`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub freeze: Vec<String>,
    /// If not empty, only these learn, by pattern.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub train_only: Vec<String>,
    /// Penalties that are added to the loss.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regularizers: Vec<Regularizer>,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        TrainingConfig {
            epochs: 30,
            batch_size: 32,
            accumulate: 1,
            shards: None,
            exchange_precision: ExchangePrecision::F32,
            chunk: None,
            truncated: false,
            drop_last: false,
            seed: 0,
            loss: None,
            optimizer: Optimizer::default(),
            learning_rate: 2e-3,
            neuron_learning_rate: None,
            weight_decay: 0.0,
            schedule: Schedule::default(),
            warmup: 0.0,
            gradient_norm: None,
            validation: 0.0,
            patience: None,
            checkpoint_batches: None,
            checkpoint_minutes: None,
            freeze: vec![],
            train_only: vec![],
            regularizers: vec![],
        }
    }
}

/// Whether samples are read as they lie in their files.
pub(crate) fn is_plain(options: &DataOptions) -> bool {
    *options == DataOptions::default()
}

fn is_single(precision: &ExchangePrecision) -> bool {
    *precision == ExchangePrecision::F32
}

fn is_one(number: &usize) -> bool {
    *number == 1
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Largest norm of gradients that could grow without bound.
const STEEP_NORM: f64 = 0.3;

/// The optimiser and its settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Optimizer {
    /// Adam (Kingma and Ba 2015), with weight decay added to the gradient.
    #[default]
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
    #[serde(alias = "adamw")]
    AdamW,
    /// Stochastic gradient descent.
    Sgd {
        /// Momentum in [0, 1).
        #[serde(default)]
        momentum: f64,
    },
}

impl TrainConfig {
    /// The training of `synfire train` without a configuration file: two layers of PLIF neurons. Written out
    /// in `examples/digits_plif.toml`.
    #[must_use]
    pub fn standard() -> Self {
        Self::two_layers("plif")
    }

    /// [`standard`](Self::standard) with neurons of another model, for as many steps as its
    /// [operating point](OperatingPoint) says and with a limit to gradients that could grow without bound.
    #[must_use]
    pub fn two_layers(neuron: &str) -> Self {
        Self::for_coding(neuron, None, None)
    }

    /// [`two_layers`](Self::two_layers) for an encoder and a decoder, where one is given, with the network
    /// [that suits them](NetworkConfig::two_layers_for). Weights decay more where sparse input is easily learnt by
    /// heart, and the gradient of a steep decoder is limited.
    #[must_use]
    pub fn for_coding(neuron: &str, encoder: Option<Encoder>, decoder: Option<Decoder>) -> Self {
        let operating_point = registry::find(neuron).map_or(OperatingPoint::UNIT, |entry| entry.info.operating_point);
        let sparse = encoder.as_ref().is_some_and(|encoder| encoder.sparse());
        let steep = operating_point.exploding_gradients || decoder.as_ref().is_some_and(|decoder| decoder.steep());
        let training = TrainingConfig {
            optimizer: Optimizer::AdamW,
            learning_rate: 6e-3,
            weight_decay: if sparse { 1.0 } else { 0.3 },
            schedule: Schedule::Cosine { minimum: 0.02 },
            gradient_norm: steep.then_some(STEEP_NORM),
            ..TrainingConfig::default()
        };
        let network = NetworkConfig::two_layers_for(neuron, 256, operating_point.steps, encoder, decoder);
        TrainConfig { network, training, data: DataOptions::default() }
    }

    /// Reads a TOML or JSON file, told by its extension.
    ///
    /// # Errors
    ///
    /// [`Error::File`] with the line and the key that was not understood.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Error::file(path, format!("the configuration could not be read: {error}; expected a TOML or JSON file"))
        })?;
        let config: Self = if path.extension().is_some_and(|extension| extension == "json") {
            serde_json::from_str(&text).map_err(|error| Error::file(path, plain(&error.to_string())))?
        } else {
            toml::from_str(&text).map_err(|error| Error::file(path, plain(&error.to_string())))?
        };
        config.training.check().map_err(|error| Error::file(path, error.to_string()))?;
        config.data.check().map_err(|error| Error::file(path, error.to_string()))?;
        Ok(config)
    }

    /// The configuration as TOML.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if a part of it was put in from Rust and has no form in files.
    pub fn to_toml(&self) -> Result<String, Error> {
        toml::to_string(self).map_err(|error| Error::config("the configuration", format!("has no TOML form: {error}")))
    }
}

impl TrainingConfig {
    /// Refuses numbers out of their range.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the key.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |key: &str, problem: String| Err(Error::config(format!("training.{key}"), problem));
        let above_zero = |x: f64| x > 0.0 && x.is_finite();
        if self.epochs == 0 {
            return refuse("epochs", "is 0; expected at least 1".to_string());
        }
        if self.batch_size == 0 {
            return refuse("batch_size", "is 0; expected at least 1".to_string());
        }
        if self.accumulate == 0 {
            return refuse("accumulate", "is 0; expected at least 1 shard".to_string());
        }
        self.shards.map_or(Ok(()), |shards| shards.check(1)).or_else(|problem| refuse("shards", problem))?;
        if self.exchange_precision == ExchangePrecision::F16
            && matches!(self.shards, None | Some(ShardCount::Ranks | ShardCount::Fixed(1)))
        {
            let problem = "is \"f16\", which needs shards that are added in a tree; set `shards` to a power of two above \
                           1, such as 8, or leave `exchange_precision` out";
            return refuse("exchange_precision", problem.to_string());
        }
        if self.chunk == Some(0) {
            return refuse("chunk", "is 0; expected at least 1 step, or none for all steps at once".to_string());
        }
        if self.truncated && self.chunk.is_none() {
            return refuse("truncated", "cuts the gradient between chunks; set `chunk` to their steps".to_string());
        }
        if self.checkpoint_batches == Some(0) {
            return refuse("checkpoint_batches", "is 0; expected at least 1".to_string());
        }
        if let Some(minutes) = self.checkpoint_minutes.filter(|&minutes| !(above_zero(minutes) && minutes < 1e9)) {
            return refuse("checkpoint_minutes", format!("is {minutes}; expected a number of minutes above 0"));
        }
        if !above_zero(self.learning_rate) {
            return refuse("learning_rate", format!("is {}; expected a number above 0", self.learning_rate));
        }
        if let Some(rate) = self.neuron_learning_rate.filter(|&rate| !above_zero(rate)) {
            return refuse("neuron_learning_rate", format!("is {rate}; expected a number above 0"));
        }
        if !(self.weight_decay >= 0.0 && self.weight_decay.is_finite()) {
            return refuse("weight_decay", format!("is {}; expected 0 or more", self.weight_decay));
        }
        if !(self.warmup >= 0.0 && self.warmup <= self.epochs as f64) {
            return refuse("warmup", format!("is {}; expected 0 to {} epochs", self.warmup, self.epochs));
        }
        if let Some(norm) = self.gradient_norm.filter(|&norm| !above_zero(norm)) {
            return refuse("gradient_norm", format!("is {norm}; expected a number above 0"));
        }
        if !(0.0..1.0).contains(&self.validation) {
            return refuse(
                "validation",
                format!("is {}; expected a share in [0, 1), for example 0.1", self.validation),
            );
        }
        if self.patience == Some(0) {
            return refuse("patience", "is 0; expected at least 1 epoch".to_string());
        }
        if self.patience.is_some() && self.validation == 0.0 {
            return refuse("patience", "needs validation data; set `validation = 0.1`".to_string());
        }
        if let Optimizer::Sgd { momentum } = self.optimizer
            && !(0.0..1.0).contains(&momentum)
        {
            return refuse("optimizer.momentum", format!("is {momentum}; expected a number in [0, 1)"));
        }
        self.loss.as_ref().map_or(Ok(()), |loss| loss.check()).map_err(|bad| bad.at("training.loss"))?;
        for (i, regularizer) in self.regularizers.iter().enumerate() {
            regularizer.check().map_err(|bad| bad.at(&format!("training.regularizers.{i}")))?;
        }
        self.schedule.check().or_else(|problem| refuse("schedule", problem))
    }
}
