//! Start of a training: with a new model, or where it stopped.

use super::Training;
use crate::Error;
use crate::checkpoint::{Checkpoint, Position, Purpose, SampleRange};
use crate::parameters::{matches, parameters, set_active};
use crate::train::optimizer::Optimizers;
use crate::train::parallel::Buffers;
use crate::train::{Alone, BuildModel, Task, Trainable, TrainingConfig};
use crate::train::{fingerprint, memory};
use burn::tensor::Device;
use std::sync::Arc;
use synfire_data::Dataset;

impl<C: BuildModel> Training<C> {
    /// Continues a training where its checkpoint was taken.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the checkpoint cannot be resumed; what does not fit the data.
    pub fn resume(checkpoint: &Checkpoint<C>, data: impl Into<Arc<Dataset>>, device: &Device) -> Result<Self, Error> {
        let (state, data) = (checkpoint.training_state()?, data.into());
        let device = device.clone().autodiff();
        let config = checkpoint.description.model.clone();
        let model = config.build(&Task::of(&data, state.options.seed, &device))?;
        let model = checkpoint.load_into(model, Purpose::Resume)?;
        let mut training = Self::new(config, data, state.options.clone(), model, device)?;
        if let Some(began) = state.data.as_ref().filter(|began| **began != training.fingerprint) {
            let problem = format!(
                "`{}` are not the data that this training began with (their fingerprint is {}, its own is {began}); give \
                 those, or start a new training from its weights",
                training.data.name, training.fingerprint
            );
            return Err(Error::config("data", problem));
        }
        let [connections, neurons] = checkpoint.optimizer_states()?;
        training.optimizers =
            training.optimizers.restored(connections, neurons).ok_or_else(|| checkpoint.damaged_optimizers())?;
        training.position = state.position.clone();
        training.history = state.history.clone();
        Ok(training)
    }

    /// A training of a model on a device with autodiff, from the first step on.
    pub(in crate::train) fn new(
        config: C,
        data: Arc<Dataset>,
        options: TrainingConfig,
        model: C::Model,
        device: Device,
    ) -> Result<Self, Error> {
        options.check()?;
        let model = with_frozen(model, &options)?;
        let learning: Vec<_> = parameters(&model).into_iter().filter(|p| p.active).collect();
        model.check(&options, &learning, &data)?;
        if learning.is_empty() {
            return Err(Error::config("training", "nothing is left to learn; loosen `freeze` or `train_only`"));
        }
        let holdout = data.train_validation(options.validation, options.seed)?;
        memory::check_step(&model, &options, &device)?;
        model.check_data(&data)?;
        let fingerprint = fingerprint::of(&data)?;
        let extremes = data.train.extremes()?;
        let samples = SampleRange::of(extremes.range, extremes.bytes);
        Ok(Training {
            train: holdout.train,
            validation: holdout.validation,
            optimizers: Optimizers::new(options.optimizer, options.weight_decay),
            buffers: Buffers::of(&model),
            config,
            options,
            data,
            device,
            model,
            parameters: learning,
            fingerprint,
            samples,
            position: Position::default(),
            history: vec![],
            seconds: 0.0,
            ranks: Arc::new(Alone),
        })
    }
}

/// The model with the parameters frozen that are not to learn. Those that it has frozen itself stay so.
fn with_frozen<M: Trainable>(model: M, options: &TrainingConfig) -> Result<M, Error> {
    let named = parameters(&model);
    let among = |patterns: &[String], name: &str| patterns.iter().any(|pattern| matches(pattern, name));
    for pattern in options.freeze.iter().chain(&options.train_only) {
        if !named.iter().any(|p| matches(pattern, &p.name)) {
            let known = named.into_iter().map(|p| p.name);
            return Err(Error::unknown("parameter", pattern, "freeze / train-only", known));
        }
    }
    Ok(set_active(model, |p| {
        let chosen = options.train_only.is_empty() || among(&options.train_only, &p.name);
        p.active && chosen && !among(&options.freeze, &p.name)
    }))
}
