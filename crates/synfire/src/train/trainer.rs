//! The training loop.

use super::evaluate::{count_correct, evaluate, mix, tensors, time_constants};
use super::gradients::StepGradients;
use super::optimizers::Optimizers;
use super::{EpochRecord, Evaluation, Flow, Progress, RunFolder, TrainConfig};
use crate::checkpoint::{Checkpoint, Position, TrainingState};
use crate::coding::{Decoder, Loss};
use crate::network::{NamedParameter, Network, matches};
use crate::{Error, pictures};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Device;
use std::sync::Arc;
use synfire_data::{Batch, Dataset, EpochOrder, Split};

/// Samples on which firing rates are measured.
const PROBE: usize = 256;

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
    optimizers: Optimizers,
    train: Vec<usize>,
    validation: Vec<usize>,
    position: Position,
    history: Vec<EpochRecord>,
}

impl Trainer {
    /// A training from the beginning.
    ///
    /// # Errors
    ///
    /// What is wrong with the configuration, by key.
    pub fn new(config: TrainConfig, data: Arc<Dataset>, device: &Device) -> Result<Self, Error> {
        let device = device.clone().autodiff();
        let input = data.train.sample_shape();
        let network = config.network.init(input, data.classes, config.training.seed, &device)?;
        Self::with_network(config, data, network, device)
    }

    /// A training from a network that exists, with a fresh optimiser: fine-tuning.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), or [`Error::Config`] if the network does not fit the data.
    pub fn fine_tune(
        config: TrainConfig,
        data: Arc<Dataset>,
        start: &Checkpoint,
        device: &Device,
    ) -> Result<Self, Error> {
        let device = device.clone().autodiff();
        let input = data.train.sample_shape();
        let network = config.network.init(input, data.classes, config.training.seed, &device)?;
        let network = start.load_into(network, false)?;
        Self::with_network(config, data, network, device)
    }

    /// A training of a network that exists on this device with autodiff, with a fresh optimiser.
    ///
    /// # Errors
    ///
    /// What is wrong with the configuration, by key.
    pub fn from_network(
        config: TrainConfig,
        data: Arc<Dataset>,
        network: Network,
        device: &Device,
    ) -> Result<Self, Error> {
        Self::with_network(config, data, network, device.clone().autodiff())
    }

    /// Continues a training where its checkpoint was taken.
    ///
    /// # Errors
    ///
    /// [`Error::File`]-like messages if the checkpoint cannot be resumed, or does not fit the data.
    pub fn resume(checkpoint: &Checkpoint, data: Arc<Dataset>, device: &Device) -> Result<Self, Error> {
        let state = checkpoint.training_state()?;
        let device = device.clone().autodiff();
        let input = data.train.sample_shape();
        let network = state.config.network.init(input, data.classes, 0, &device)?;
        let network = checkpoint.load_into(network, true)?;
        let mut trainer = Self::with_network(state.config.clone(), data, network, device)?;
        let [connections, neurons] = checkpoint.optimizer_states()?;
        trainer.optimizers =
            trainer.optimizers.restored(connections, neurons).ok_or_else(|| checkpoint.damaged_optimizers())?;
        trainer.position = state.position.clone();
        trainer.history = state.history.clone();
        Ok(trainer)
    }

    fn with_network(config: TrainConfig, data: Arc<Dataset>, network: Network, device: Device) -> Result<Self, Error> {
        let training = &config.training;
        training.check()?;
        let decoder = config.network.decoder;
        if training.loss == Loss::Likelihood && decoder != Decoder::TimeShares {
            let problem = "`likelihood` is of shares; set `network.decoder = \"time_shares\"`, or another loss";
            return Err(Error::config("training.loss", problem));
        }
        for pattern in training.freeze.iter().chain(&training.train_only) {
            if !network.parameters().iter().any(|p| matches(pattern, &p.name)) {
                let known = network.parameters().into_iter().map(|p| p.name);
                return Err(Error::unknown("parameter", pattern, "freeze / train-only", known));
            }
        }
        let network = network.with_active(|p| {
            let chosen =
                training.train_only.is_empty() || training.train_only.iter().any(|pattern| matches(pattern, &p.name));
            p.learns && chosen && !training.freeze.iter().any(|pattern| matches(pattern, &p.name))
        });
        let parameters: Vec<_> = network.parameters().into_iter().filter(|p| p.active).collect();
        if parameters.is_empty() {
            return Err(Error::config("training", "nothing is left to learn; loosen `freeze` or `train_only`"));
        }
        let holdout = data.train_validation(training.validation, training.seed)?;
        let optimizers = Optimizers::new(training.optimizer, training.weight_decay);
        Ok(Trainer {
            train: holdout.train,
            validation: holdout.validation,
            config,
            data,
            device,
            network,
            parameters,
            optimizers,
            position: Position::default(),
            history: vec![],
        })
    }

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
            let batch = self.data.train.batch(indices);
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

    /// Takes one step on these samples of the training data, outside of any epoch: for benchmarks and
    /// training loops of your own. Returns the loss before the step.
    ///
    /// # Errors
    ///
    /// As [`Network::forward`].
    pub fn train_batch(&mut self, indices: &[usize]) -> Result<f32, Error> {
        let batch = self.data.train.batch(indices);
        self.position.batch += 1;
        let seed = mix(self.config.training.seed, self.position.epoch, self.position.batch);
        Ok(self.step(&batch, Step { seed, factor: 1.0, last: false })?.loss)
    }

    /// Scores of a batch, `[B * classes]` numbers.
    ///
    /// # Errors
    ///
    /// As [`Network::forward`].
    pub fn scores(&self, network: &Network, batch: &Batch) -> Result<Vec<f32>, Error> {
        let (pixels, _) = tensors(batch, &self.device.clone().inner());
        Ok(network.forward(pixels, 0)?.into_data().try_into_vec().unwrap_or_default())
    }

    /// One step on a batch: the loss before it, how many were right, and the gradient norms in the last.
    fn step(&mut self, batch: &Batch, step: Step) -> Result<StepResult, Error> {
        let training = &self.config.training;
        let (pixels, labels) = tensors(batch, &self.device);
        let scores = self.network.forward(pixels, step.seed)?;
        let loss = training.loss.forward(scores.clone(), labels);
        let correct = count_correct(scores.inner(), &batch.labels);
        let value: f32 = loss.clone().inner().into_scalar();
        if !value.is_finite() {
            return Ok(StepResult { loss: value, correct, norms: vec![] });
        }
        let scale = self.config.network.precision.loss_scale();
        let scaled = if scale == 1.0 { loss } else { loss * scale };
        let all = GradientsParams::from_grads(scaled.backward(), &self.network);
        let mut gradients = StepGradients { parameters: &self.parameters, all };
        if scale != 1.0 {
            gradients.scale(1.0 / scale);
        }
        let norms = if step.last { gradients.norms() } else { vec![] };
        if let Some(limit) = training.gradient_norm {
            gradients.clip(limit);
        }
        let (connections, neurons) = gradients.split();
        let rate = training.learning_rate * step.factor;
        let neuron_rate = training.neuron_learning_rate.unwrap_or(training.learning_rate) * step.factor;
        let network = self.network.clone();
        let network = self.optimizers.connections.step(rate, network, connections);
        self.network = match neurons.is_empty() {
            true => network,
            false => self.optimizers.neurons.step(neuron_rate, network, neurons),
        };
        Ok(StepResult { loss: value, correct, norms })
    }

    fn check_finite(&self, epoch: usize, learning_rate: f64) -> Result<(), Error> {
        for (parameter, data) in self.network.raw_values() {
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

    /// How good the network is on the test data.
    ///
    /// # Errors
    ///
    /// As [`Network::forward`].
    pub fn test(&self) -> Result<Evaluation, Error> {
        let indices: Vec<usize> = (0..self.data.test.len()).collect();
        self.evaluate(&self.network(), &self.data.test, &indices)
    }

    fn evaluate(&self, network: &Network, split: &Split, indices: &[usize]) -> Result<Evaluation, Error> {
        evaluate(network, split, indices, &self.config, &self.device.clone().inner())
    }

    /// A checkpoint to continue from.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        let state = TrainingState {
            config: self.config.clone(),
            position: self.position.clone(),
            history: self.history.clone(),
        };
        let optimizers = [self.optimizers.connections.to_record(), self.optimizers.neurons.to_record()];
        Checkpoint::of_training(&self.network, state, optimizers)
    }

    /// Trains to the end, and keeps the run folder up to date: configuration, metrics, learning curves,
    /// the checkpoints `last` and `best`, and pictures of a test sample at the end.
    ///
    /// Returns whether it came to its end (and was not stopped by the observer).
    ///
    /// # Errors
    ///
    /// As [`epoch`](Self::epoch), or [`Error::File`] if the folder cannot be written.
    pub fn fit(&mut self, folder: &RunFolder, observer: &mut dyn FnMut(Progress<'_>) -> Flow) -> Result<bool, Error> {
        folder.write_config(&self.config)?;
        let title = format!("{} on {}", self.model_names(), self.data.name);
        let mut stopped = false;
        loop {
            let before = self.history.len();
            let more = self.epoch(&mut |progress| {
                let flow = observer(progress);
                stopped |= flow == Flow::Stop;
                flow
            })?;
            let checkpoint = self.checkpoint();
            checkpoint.write(&folder.checkpoint("last"))?;
            if self.history.len() > before {
                if self.best_epoch() == Some(self.history.len()) {
                    checkpoint.inference_only().write(&folder.checkpoint("best"))?;
                }
                folder.write_metrics(&title, &self.history)?;
            }
            if !more {
                break;
            }
        }
        let sample = self.data.test.batch(&[0]);
        let (pixels, _) = tensors(&sample, &self.device.clone().inner());
        pictures::write(folder, &self.network(), pixels, sample.labels[0])?;
        Ok(!stopped)
    }

    fn model_names(&self) -> String {
        let mut names: Vec<&str> = self
            .network
            .layers()
            .iter()
            .filter_map(|layer| match layer {
                crate::network::Layer::Neurons(neurons) => Some(neurons.info().name),
                crate::network::Layer::Linear(_) => None,
            })
            .collect();
        names.dedup();
        names.join(" + ")
    }

    /// Time constants now, by name: mean over their values, in the model's unit.
    #[must_use]
    pub fn time_constants(&self) -> Vec<(String, f64)> {
        time_constants(&self.network())
    }
}

/// What a step did.
struct StepResult {
    /// Before the step.
    loss: f32,
    /// Samples that were right.
    correct: usize,
    /// Norm of each gradient, in the last step of an epoch.
    norms: Vec<(String, f64)>,
}

struct Step {
    seed: u64,
    /// Of the learning rates.
    factor: f64,
    last: bool,
}
