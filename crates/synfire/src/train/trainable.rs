//! The models that a trainer can train.

use super::{ShardContext, ShardOutput, TrainingConfig};
use crate::Error;
use crate::network::Record;
use crate::parameters::NamedParameter;
use burn::module::Module;
use burn::tensor::Device;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use synfire_data::{Batch, Dataset};

/// A Burn module that [`Trainer`](super::Trainer) can train: it says how large its loss is.
///
/// ```
/// use burn::module::Module;
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::Device;
/// use synfire::train::{ModelConfig, ShardContext, ShardOutput, Trainable, Trainer};
/// use synfire_data::{Batch, Dataset};
///
/// #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
/// struct LineConfig {}
///
/// impl ModelConfig for LineConfig {
///     type Model = Line;
///
///     fn init(&self, device: &Device) -> Line {
///         Line { linear: LinearConfig::new(64, 10).init(device) }
///     }
/// }
///
/// #[derive(Module, Debug)]
/// struct Line {
///     linear: Linear,
/// }
///
/// impl Trainable for Line {
///     fn shard(&self, batch: &Batch, context: &ShardContext) -> Result<ShardOutput, synfire::Error> {
///         let scores = self.linear.forward(context.values::<2>(batch)?);
///         ShardOutput::cross_entropy(scores, batch)
///     }
/// }
///
/// let mut training = Trainer::new(LineConfig {}, Dataset::digits())?.epochs(2).start()?;
/// training.run()?;
/// assert!(training.test()?.accuracy > 0.8);
/// # Ok::<(), synfire::Error>(())
/// ```
pub trait Trainable: Module {
    /// Sum of the loss over a shard: samples that are computed together, one step's or some of them.
    ///
    /// Only the trainer adds shards up, divides by their number of samples and takes the step.
    ///
    /// # Errors
    ///
    /// If the model cannot take the samples.
    fn shard(&self, batch: &Batch, context: &ShardContext<'_>) -> Result<ShardOutput, Error>;

    /// Activity of the layers of neurons for some samples, for pictures in the run folder; none by default.
    ///
    /// # Errors
    ///
    /// If the model cannot take the samples.
    fn record(&self, batch: &Batch, context: &ShardContext<'_>) -> Result<Recording, Error> {
        let _ = (batch, context);
        Ok(Recording::default())
    }

    /// Name for titles: of the type, unless it says otherwise.
    fn name(&self) -> String {
        short_name::<Self>()
    }

    /// Refuses options that do not suit the model or the data; `learning` are the parameters that they leave to learn.
    ///
    /// # Errors
    ///
    /// The option, what is wrong with it and the cure.
    fn check(&self, options: &TrainingConfig, learning: &[NamedParameter], data: &Dataset) -> Result<(), Error> {
        let _ = (learning, data);
        match options.chunk {
            None => Ok(()),
            Some(_) => {
                Err(Error::config("training.chunk", "only networks are trained in chunks of steps; leave it out"))
            }
        }
    }

    /// Precision of the values between its layers, for messages; `f32` by default.
    fn precision(&self) -> &'static str {
        "f32"
    }

    /// Bytes that a step of training with so many samples needs at least, beside the parameters and their gradients; 0,
    /// the default, where that is not known.
    fn step_bytes(&self, samples: usize) -> u64 {
        let _ = samples;
        0
    }

    /// Refuses data that the model could not take: before the first step, and not when their turn comes.
    ///
    /// # Errors
    ///
    /// The sample, what is wrong with it and what was expected.
    fn check_data(&self, data: &Dataset) -> Result<(), Error> {
        let _ = data;
        Ok(())
    }

    /// Factor of the loss while gradients are taken, for those that would vanish in half precision; 1 by
    /// default. Another one is halved where gradients overflow and doubled where they have not for long.
    fn loss_scale(&self) -> f32 {
        1.0
    }
}

/// Activity of a model's layers of neurons.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Length of a step in ms.
    pub dt: f32,
    /// Layers in the order in which they are drawn.
    pub layers: Vec<Record>,
}

/// Settings of a model that is the same for all data: a `#[derive(Config)]` in the manner of burn-nn.
pub trait ModelConfig: Clone + Debug + Send + Sync + Serialize + DeserializeOwned {
    /// The model.
    type Model: Trainable;

    /// The model with its initial parameters. Those that Burn draws at random follow from the training's seed.
    fn init(&self, device: &Device) -> Self::Model;
}

/// Settings of which a trainer makes a model for its data, and checkpoints keep; every [`ModelConfig`] is one.
pub trait BuildModel: Clone + Debug + Send + Sync + Serialize + DeserializeOwned {
    /// The model.
    type Model: Trainable;

    /// Key of these settings in `config.toml`.
    const KEY: &'static str = "model";

    /// Name of these settings in checkpoints, so that one is not taken for another.
    fn name() -> String {
        short_name::<Self>()
    }

    /// The model for these data.
    ///
    /// # Errors
    ///
    /// The setting that makes no sense, by name.
    fn build(&self, task: &Task<'_>) -> Result<Self::Model, Error>;

    /// Refuses what [`build`](Self::build) would need memory for that the `stored` parameters of a file do not
    /// have: a damaged file cannot ask for more than its size.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    fn shapes(&self, task: &Task<'_>) -> Result<Vec<(String, Vec<usize>)>, Error> {
        let _ = task;
        Ok(vec![])
    }
}

/// The data that a model is built for, and where.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// Shape of a sample.
    pub input: &'a [usize],
    /// Number of classes, or of values of a target vector.
    pub outputs: usize,
    /// Seed of initial parameters.
    pub seed: u64,
    /// Device of the model, with autodiff for training.
    pub device: &'a Device,
}

impl<'a> Task<'a> {
    pub(crate) fn of(data: &'a Dataset, seed: u64, device: &'a Device) -> Self {
        Task { input: data.train.sample_shape(), outputs: data.outputs(), seed, device }
    }
}

impl<C: ModelConfig> BuildModel for C {
    type Model = C::Model;

    fn build(&self, task: &Task<'_>) -> Result<Self::Model, Error> {
        task.device.seed(task.seed);
        let model = self.init(task.device);
        // parameters draw when they are first looked at: now, one after the other
        let _ = crate::parameters::parameters(&model);
        Ok(model)
    }
}

/// `Net` of `my::models::Net`.
pub(crate) fn short_name<T>() -> String {
    let name = core::any::type_name::<T>();
    name.split('<').next().and_then(|name| name.rsplit("::").next()).unwrap_or(name).to_string()
}
