//! How a training begins: from nothing, from another network, or where it stopped.

use super::Trainer;
use crate::Error;
use crate::checkpoint::{Checkpoint, Position};
use crate::coding::Loss;
use crate::network::Network;
use crate::parameters::{NamedParameter, matches};
use crate::train::TrainConfig;
use crate::train::optimizers::Optimizers;
use burn::tensor::Device;
use std::sync::Arc;
use synfire_data::Dataset;

impl Trainer {
    /// A training from the beginning.
    ///
    /// # Errors
    ///
    /// What is wrong with the configuration, by key.
    pub fn new(config: TrainConfig, data: Arc<Dataset>, device: &Device) -> Result<Self, Error> {
        let device = device.clone().autodiff();
        let input = data.train.sample_shape();
        let network = config.network.init(input, data.outputs(), config.training.seed, &device)?;
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
        let network = config.network.init(input, data.outputs(), config.training.seed, &device)?;
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
        let network = state.config.network.init(input, data.outputs(), 0, &device)?;
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
        let loss = config.loss();
        loss.check().map_err(|bad| bad.at("training.loss"))?;
        let fits = loss.goes_with(&config.network.decoder);
        fits.map_err(|problem| Error::config("training.loss", problem))?;
        check_scores(&config, &network, &loss)?;
        for regularizer in &training.regularizers {
            let layers = network.neuron_layers();
            if !layers.iter().any(|layer| matches(regularizer.layers(), layer)) {
                let place = format!("the regularizer `{}`", regularizer.name());
                return Err(Error::unknown("layer of neurons", regularizer.layers(), &place, layers));
            }
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
            p.learnable && chosen && !training.freeze.iter().any(|pattern| matches(pattern, &p.name))
        });
        let parameters: Vec<_> = network.parameters().into_iter().filter(|p| p.active).collect();
        if parameters.is_empty() {
            return Err(Error::config("training", "nothing is left to learn; loosen `freeze` or `train_only`"));
        }
        check_differentiable(&network, &parameters)?;
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
            loss,
            optimizers,
            position: Position::default(),
            history: vec![],
        })
    }
}

/// Refuses a loss of scores that have no gradient.
fn check_scores(config: &TrainConfig, network: &Network, loss: &Loss) -> Result<(), Error> {
    let Some(last) = network.layers().iter().rev().find_map(|node| node.neurons()) else { return Ok(()) };
    let (info, decoder) = (last.info(), &config.network.decoder);
    if !loss.is_of_scores() || decoder.has_gradient(info.spike_time.is_some()) {
        return Ok(());
    }
    let problem = format!(
        "no gradient flows through the scores of `{}`: spikes of `{}` neurons have no time of their own; set \
         `training.loss = \"first_spike_time\"`, or take neurons that have, such as `slif`",
        decoder.name(),
        info.name
    );
    Err(Error::config("network.decoder", problem))
}

/// Refuses to train parameters that no gradient reaches: those in or before neurons without one.
fn check_differentiable(network: &Network, parameters: &[NamedParameter]) -> Result<(), Error> {
    for (i, node) in network.layers().iter().enumerate() {
        let Some(neurons) = node.neurons() else { continue };
        let info = neurons.info();
        let reached = |p: &NamedParameter| layer_of(&p.name).is_none_or(|layer| layer > i);
        if let Some(unreached) = parameters.iter().find(|p| !info.differentiable && !reached(p)) {
            let problem = format!(
                "no gradient flows through `{}` neurons, so `{}` cannot learn; take another model (`synfire models` \
                 lists those with a gradient), or freeze it",
                info.name, unreached.name
            );
            return Err(Error::config(format!("layers.{i}"), problem));
        }
    }
    Ok(())
}

/// `layers.3.tau_m` is of layer 3, `decoder.tau_d` of none.
fn layer_of(name: &str) -> Option<usize> {
    name.strip_prefix("layers.")?.split('.').next()?.parse().ok()
}
