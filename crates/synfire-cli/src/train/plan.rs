//! A training that is about to begin: model, data, device and run folder.

use super::args::Anew;
use super::place::Place;
use super::{Args, folder, set};
use crate::inputs;
use anyhow::bail;
use std::path::Path;
use std::sync::Arc;
use synfire::checkpoint::Checkpoint;
use synfire::coding::{Decoder, Encoder};
use synfire::network::{NetworkConfig, Precision};
use synfire::train::{DataNote, RunFolder, TrainConfig, Trainer, Training};
use synfire_data::{DataOptions, Dataset};

/// Everything a training needs, checked.
pub(super) struct RunPlan {
    pub(super) training: Training<NetworkConfig>,
    pub(super) data: Arc<Dataset>,
    pub(super) device_name: String,
    pub(super) folder: RunFolder,
    /// Whether the folder is of this training alone, to be taken back if nothing comes of it.
    pub(super) new_folder: bool,
}

impl RunPlan {
    /// A training from the beginning, or from another network's weights.
    ///
    /// The run folder comes last: what fails before leaves nothing behind.
    pub(super) fn new(args: &Args, place: Place<'_>) -> anyhow::Result<Self> {
        if args.until == Some(0) {
            bail!("--until 0: expected an epoch, from 1");
        }
        let given = &args.anew;
        let start = given.init.as_deref().map(inputs::checkpoint).transpose()?;
        let base = base(given, start.as_ref())?;
        let mut config = set::apply(with_options(args, base.clone())?, &given.set)?;
        let data = place.data(|| inputs::data(args.data.as_deref(), &inputs::reading(&config)))?;
        // a network that nobody described reads what is over time step by step
        if let (Some(steps), None, None, None) = (data.options.steps, &given.config, &given.init, &given.encoder) {
            config.network.encoder = Encoder::named("series")?;
            config.network.steps = steps;
        }
        if let (Some(file), Some(start), None, true) = (&given.init, &start, &given.config, given.init_skip.is_empty())
        {
            inputs::check_fit(file, &start.description, &data).map_err(|error| {
                anyhow::anyhow!("{error}, or start without the layers that differ: --init-skip 'layers.2.*'")
            })?;
        }
        // what is wrong in a configuration that came unchanged from the file is wrong in the file
        let file = given.config.as_deref();
        let changed = config != base;
        let trainer = Trainer::from_config(config, data.clone())?.device(&place.device);
        let trainer = match start {
            Some(start) => given.init_skip.iter().fold(trainer.from_checkpoint(start), Trainer::init_skip),
            None => trainer,
        };
        let trainer = match place.ranks {
            Some(ranks) => trainer.ranks(ranks),
            None => trainer,
        };
        let training = trainer.start().map_err(|error| in_file(file, changed, error))?;
        let (folder, new_folder) = folder::create(given.out.as_deref(), training.config(), &data)?;
        let plan = RunPlan { training, data, device_name: place.name, folder, new_folder };
        DataNote::of(args.data.as_deref())
            .write(&plan.folder)
            .inspect_err(|_| folder::tidy(&plan.folder, plan.new_folder))?;
        Ok(plan)
    }
}

/// The configuration before any option changes it.
fn base(args: &Anew, start: Option<&Checkpoint>) -> anyhow::Result<TrainConfig> {
    match (&args.config, start, &args.neuron) {
        (Some(file), ..) if args.hidden.is_some() => {
            bail!("--hidden: the network is described by {}; change its layers there, or with --set", file.display())
        }
        (None, Some(_), _) if args.hidden.is_some() => {
            bail!("--hidden: the network comes from the file given with --init; leave --hidden out")
        }
        (Some(file), _, Some(neuron)) => {
            bail!("--neuron {neuron}: the network is described by {}; change `neuron = ...` there", file.display())
        }
        (None, Some(_), Some(neuron)) => {
            bail!("--neuron {neuron}: the network comes from the file given with --init; leave --neuron out")
        }
        (Some(file), _, None) => Ok(TrainConfig::read(file)?),
        (None, Some(start), None) => {
            // the names of the classes are those of the new data
            let data = DataOptions { classes: None, ..start.description.data.clone() };
            Ok(TrainConfig { network: start.description.model.clone(), data, ..TrainConfig::standard() })
        }
        (None, None, neuron) => {
            let neuron = neuron.as_deref().unwrap_or("plif");
            let config = TrainConfig::for_coding(neuron, encoder(args)?, decoder(args)?);
            match args.hidden {
                Some(hidden) => set::apply(config, &[format!("network.layers.0.linear={hidden}")]),
                None => Ok(config),
            }
        }
    }
}

fn encoder(args: &Anew) -> anyhow::Result<Option<Encoder>> {
    Ok(args.encoder.as_deref().map(str::parse).transpose()?)
}

fn decoder(args: &Anew) -> anyhow::Result<Option<Decoder>> {
    Ok(args.decoder.as_deref().map(str::parse).transpose()?)
}

fn with_options(args: &Args, mut config: TrainConfig) -> anyhow::Result<TrainConfig> {
    let TrainConfig { training, network, .. } = &mut config;
    training.epochs = args.epochs.unwrap_or(training.epochs);
    training.patience = args.patience.or(training.patience);
    let args = &args.anew;
    training.validation = args.validation.unwrap_or(training.validation);
    training.seed = args.seed.unwrap_or(training.seed);
    training.batch_size = args.batch_size.unwrap_or(training.batch_size);
    training.learning_rate = args.learning_rate.unwrap_or(training.learning_rate);
    training.neuron_learning_rate = args.neuron_learning_rate.or(training.neuron_learning_rate);
    training.freeze.extend(args.freeze.iter().cloned());
    training.train_only.extend(args.train_only.iter().cloned());
    network.steps = args.steps.unwrap_or(network.steps);
    if let Some(encoder) = encoder(args)? {
        network.encoder = encoder;
    }
    if let Some(decoder) = decoder(args)? {
        network.decoder = decoder;
    }
    if let Some(loss) = &args.loss {
        training.loss = Some(loss.parse()?);
    }
    if let Some(precision) = &args.precision {
        network.precision = Precision::named(precision)?;
    }
    match &args.optimizer {
        Some(optimizer) => set::apply(config, &[format!("training.optimizer={optimizer}")])
            .map_err(|error| anyhow::anyhow!("--optimizer {optimizer}: {error}")),
        None => Ok(config),
    }
}

/// Puts the configuration file in front of an error about its content; with options it may be theirs.
fn in_file(file: Option<&Path>, changed: bool, error: synfire::Error) -> anyhow::Error {
    use synfire::Error::{Config, Layer, Parameter, Parameters, Setting, Unknown};
    match (file, &error) {
        (
            Some(file),
            Config { .. } | Layer { .. } | Parameter { .. } | Parameters { .. } | Setting { .. } | Unknown { .. },
        ) => {
            let options = if changed { " with the options given" } else { "" };
            anyhow::anyhow!("{}{options}: {error}", file.display())
        }
        _ => error.into(),
    }
}
