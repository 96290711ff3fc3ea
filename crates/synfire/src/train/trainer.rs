//! A training before it begins: the model, the data and the options.

use super::memory;
use super::{
    BuildModel, Communicator, EpochRecord, Evaluation, Progress, RunFolder, Task, TrainConfig, Training,
    TrainingConfig, on_devices,
};
use crate::Error;
use crate::checkpoint::{Checkpoint, Purpose};
use crate::network::NetworkConfig;
use burn::tensor::Device;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use synfire_data::Dataset;

/// Trains a model on a data set: any Burn module that is [`Trainable`](super::Trainable), or a
/// [`Network`](crate::network::Network).
///
/// ```no_run
/// use synfire::network::NetworkConfig;
/// use synfire::train::Trainer;
/// use synfire_data::Dataset;
///
/// let network = NetworkConfig::two_layers("plif", 128, 10);
/// let run = Trainer::new(network, Dataset::digits())?.epochs(10).fit("runs/digits")?;
/// println!("{:.2} %", 100.0 * run.test.accuracy);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trainer<C: BuildModel> {
    config: C,
    data: Arc<Dataset>,
    options: TrainingConfig,
    device: Device,
    start: Option<Checkpoint<C>>,
    init_skip: Vec<String>,
    ranks: Option<Arc<dyn Communicator>>,
    /// Those that share every batch, if more than one.
    devices: Vec<Device>,
}

/// The result of a training that came to its end.
#[derive(Clone, Debug)]
pub struct Run<M> {
    /// The model that is kept, without autodiff: the best on the validation data, or the last where there are none.
    pub model: M,
    /// Its measures on the test data.
    pub test: Evaluation,
    /// Measures of every epoch.
    pub history: Vec<EpochRecord>,
    /// Its checkpoints, metrics and pictures.
    pub folder: RunFolder,
}

impl<C: BuildModel> Trainer<C> {
    /// A training on Burn's default device with default options.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if there is nothing to learn in the data.
    pub fn new(config: C, data: impl Into<Arc<Dataset>>) -> Result<Self, Error> {
        let data = data.into();
        if data.outputs() == 0 {
            return Err(Error::config("data", format!("`{}` has targets without values", data.name)));
        }
        Ok(Trainer {
            config,
            data,
            options: TrainingConfig::default(),
            device: Device::default(),
            start: None,
            init_skip: vec![],
            ranks: None,
            devices: vec![],
        })
    }

    /// All options at once.
    #[must_use]
    pub fn options(self, options: TrainingConfig) -> Self {
        Trainer { options, ..self }
    }

    /// Passes over the training data, at least 1.
    #[must_use]
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.options.epochs = epochs;
        self
    }

    /// Samples per step, at least 1.
    #[must_use]
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.options.batch_size = batch_size;
        self
    }

    /// Learning rate, above 0.
    #[must_use]
    pub fn learning_rate(mut self, learning_rate: f64) -> Self {
        self.options.learning_rate = learning_rate;
        self
    }

    /// Seed of initial parameters, of the order of the data and of everything that is drawn at random.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// Device to train on, with or without autodiff.
    #[must_use]
    pub fn device(self, device: &Device) -> Self {
        Trainer { device: device.clone(), ..self }
    }

    /// Devices of one kind that share every batch, by [`on_devices`]; the first is the one that the model is kept on. Only
    /// [`fit`](Self::fit) uses the others.
    ///
    /// What Burn's own layers draw at random (`burn::nn::Dropout`) comes from one generator for all devices of a kind, so that
    /// trainings with such layers are not repeatable on several.
    #[must_use]
    pub fn devices(self, devices: &[Device]) -> Self {
        let device = devices.first().unwrap_or(&self.device).clone();
        Trainer { device, devices: devices.to_vec(), ..self }
    }

    /// Starts from the parameters of a checkpoint, with a fresh optimiser: fine-tuning.
    #[must_use]
    pub fn from_checkpoint(self, start: Checkpoint<C>) -> Self {
        Trainer { start: Some(start), ..self }
    }

    /// Leaves the parameters of this pattern (`layers.2.*`) of the checkpoint out, which so may have another shape than
    /// the model's; they start anew. May be called again for further patterns.
    #[must_use]
    pub fn init_skip(mut self, pattern: impl Into<String>) -> Self {
        self.init_skip.push(pattern.into());
        self
    }

    /// Shares the training with other processes: [`Training::join`].
    #[must_use]
    pub fn ranks(self, ranks: Arc<dyn Communicator>) -> Self {
        Trainer { ranks: Some(ranks), ..self }
    }

    /// Builds the model and makes everything ready for the first step.
    ///
    /// # Errors
    ///
    /// The option or the setting of the model that makes no sense, by key; [`Error::File`] if a checkpoint to start
    /// from is of another model.
    pub fn start(self) -> Result<Training<C>, Error> {
        let device = self.device.clone().autodiff();
        let task = Task::of(&self.data, self.options.seed, &device);
        memory::check_weights(&self.config.shapes(&task)?, &self.device)?;
        let mut model = self.config.build(&task)?;
        if let Some(start) = &self.start {
            model = start.load_into(model, Purpose::Init(&self.init_skip))?;
        }
        self.start_with(model)
    }

    /// As [`start`](Self::start), with a model that exists on this device.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_with(self, model: C::Model) -> Result<Training<C>, Error> {
        let training = Training::new(self.config, self.data, self.options, model, self.device.autodiff())?;
        match self.ranks {
            Some(ranks) => training.join(ranks),
            None => Ok(training),
        }
    }

    /// Trains to the end, in a run folder: configuration, metrics, learning curves, checkpoints and pictures of a test
    /// sample; and measures the model on the test data.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start) and [`Training::epoch`]; [`Error::File`] if the folder holds a run already or cannot
    /// be written.
    pub fn fit(self, folder: impl Into<PathBuf>) -> Result<Run<C::Model>, Error> {
        self.fit_watched(folder, &mut |_| ControlFlow::Continue(()))
    }

    /// As [`fit`](Self::fit), with an observer that is told of every step and epoch, and may end the training.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit).
    pub fn fit_watched(
        self,
        folder: impl Into<PathBuf>,
        observer: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Run<C::Model>, Error> {
        match &self.devices[..] {
            [] | [_] => self.fit_alone(folder.into(), observer),
            _ if self.ranks.is_some() => {
                Err(Error::config("devices", "are several, and so are the processes; give each process one device"))
            }
            devices => {
                let path = folder.into();
                let on = |device: &Device, ranks| self.clone().device(device).ranks(ranks);
                let unwatched = |device: &Device, ranks| {
                    on(device, ranks).fit_alone(path.clone(), &mut |_| ControlFlow::Continue(())).map(drop)
                };
                on_devices(devices, |device, ranks| on(device, ranks).fit_alone(path.clone(), observer), unwatched)
            }
        }
    }

    /// Trains on one device.
    fn fit_alone(
        self,
        folder: PathBuf,
        observer: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Run<C::Model>, Error> {
        let mut training = self.start()?;
        let folder = match training.ranks().rank() {
            0 => RunFolder::create(folder)?,
            _ => RunFolder::unwritten(folder),
        };
        training.fit(&folder, observer)?;
        let model = training.kept(&folder)?;
        let test = training.test_of(&model)?;
        training.write_result(&folder, test.clone())?;
        Ok(Run { test, model, history: training.history().to_vec(), folder })
    }
}

impl Trainer<NetworkConfig> {
    /// A training as a configuration file describes it.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn from_config(config: TrainConfig, data: impl Into<Arc<Dataset>>) -> Result<Self, Error> {
        Ok(Trainer::new(config.network, data)?.options(config.training))
    }
}
