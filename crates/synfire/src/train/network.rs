//! Synfire's networks as models of a trainer.

use super::{BuildModel, Recording, ShardContext, ShardOutput, Task, Trainable, TrainingConfig};
use crate::Error;
use crate::coding::{Expected, Loss, Source};
use crate::network::{Chunks, ForwardOutput, LayerConfig, Network, NetworkConfig, Precision};
use crate::parameters::{NamedParameter, matches};
use burn::module::Module;
use burn::tensor::Tensor;
use synfire_data::{Batch, Dataset, TargetKind, Targets};

impl BuildModel for NetworkConfig {
    type Model = Network;

    const KEY: &'static str = "network";

    fn name() -> String {
        "network".to_string()
    }

    fn build(&self, task: &Task<'_>) -> Result<Network, Error> {
        self.init(task.input, task.outputs, task.seed, task.device)
    }

    fn shapes(&self, task: &Task<'_>) -> Result<Vec<(String, Vec<usize>)>, Error> {
        self.weights(task.input, task.outputs)
    }
}

impl Trainable for Network {
    fn shard(&self, batch: &Batch, context: &ShardContext<'_>) -> Result<ShardOutput, Error> {
        let loss = loss(self, context.options);
        check_targets(self, &loss, batch.targets.kind())?;
        let samples = Source::from_batch(batch, context.device);
        let ends = self.ends(&samples);
        let spiking = if context.is_training { vec![] } else { self.spiking_layers() };
        let (mut penalties, mut rates, mut chunks) = (vec![], vec![], None);
        let mut visit = |layer: &str, output: &Tensor<3>| {
            let output = ends.weighted(output.clone());
            if context.is_training {
                let regularizers = context.options.regularizers.iter();
                let meant = regularizers.filter(|regularizer| matches(regularizer.layers(), layer));
                penalties.extend(meant.map(|regularizer| regularizer.penalty(output.clone())));
            } else if spiking.iter().any(|spiking| spiking == layer) {
                rates.push((layer.to_string(), output.clone()));
            }
        };
        let ForwardOutput { decoded, activity, .. } = match context.options.chunk.filter(|_| context.is_training) {
            Some(steps) if steps < self.config().steps => {
                let divided = Chunks { steps, truncated: context.options.truncated };
                let (output, run) = self.forward_in_chunks(samples, context.seed, divided)?;
                chunks = Some(run);
                output
            }
            // nobody looks at the layers then
            _ if context.is_training && context.options.regularizers.is_empty() => {
                self.forward_full(samples, context.seed)?
            }
            _ => self.forward_with(samples, context.seed, &mut visit)?,
        };
        if context.is_training {
            penalties.extend(decoded.penalty.clone());
        }
        let expected = Expected::of(batch, context.device);
        let loss = ends.loss(&loss, &decoded, &activity, &expected);
        let loss = penalties.into_iter().fold(loss, |loss, penalty| loss + penalty);
        let shard = ShardOutput::mean(loss, count(batch)).with_step_scores(decoded.scores, batch).with_chunks(chunks);
        Ok(rates.into_iter().fold(shard, |shard, (layer, output)| shard.with_firing_rate(&layer, output)))
    }

    fn record(&self, batch: &Batch, context: &ShardContext<'_>) -> Result<Recording, Error> {
        let (_, layers) = Network::record(self, Source::from_batch(batch, context.device), context.seed)?;
        Ok(Recording { dt: self.config().dt, layers })
    }

    /// Models of the neurons, `plif + lif`.
    fn name(&self) -> String {
        let neurons = self.layers().iter().filter_map(|node| node.neurons());
        let mut names: Vec<&str> = neurons.map(|neurons| neurons.info().name).collect();
        names.dedup();
        names.join(" + ")
    }

    fn check(&self, options: &TrainingConfig, learning: &[NamedParameter], data: &Dataset) -> Result<(), Error> {
        let loss = loss(self, options);
        loss.check().map_err(|bad| bad.at("training.loss"))?;
        let fits = loss.goes_with(&self.config().decoder);
        fits.map_err(|problem| Error::config("training.loss", problem))?;
        check_scores(self, &loss)?;
        check_chunks(self, options)?;
        check_targets(self, &loss, data.train.target_kind())?;
        for regularizer in &options.regularizers {
            let layers = self.neuron_layers();
            if !layers.iter().any(|layer| matches(regularizer.layers(), layer)) {
                let place = format!("the regularizer `{}`", regularizer.name());
                return Err(Error::unknown("layer of neurons", regularizer.layers(), &place, layers));
            }
        }
        check_differentiable(self, learning)
    }

    fn precision(&self) -> &'static str {
        self.config().precision.name()
    }

    /// Output of each layer of neurons at every step, which the way back through the layer after it reads again.
    fn step_bytes(&self, samples: usize) -> u64 {
        let NetworkConfig { steps, precision, .. } = self.config();
        let values =
            self.layers().iter().filter(|node| node.neurons().is_some()).map(|node| node.output_shape().size());
        let values = values.fold(0, |sum: u64, size| sum.saturating_add(size as u64));
        let bytes = if *precision == Precision::F32 { 4 } else { 2 };
        values.saturating_mul(bytes).saturating_mul(*steps as u64).saturating_mul(samples as u64)
    }

    /// Encodes the samples with the smallest and the largest value of each split: encoders refuse what is out of their
    /// range.
    fn check_data(&self, data: &Dataset) -> Result<(), Error> {
        let (device, config) = (self.devices().into_iter().next().unwrap_or_default().inner(), self.config());
        for (name, split) in [("training", &data.train), ("test", &data.test)] {
            for &index in &split.extremes()?.samples {
                let source = Source::from_batch(&split.batch(&[index])?, &device);
                config.encoder.encode(source, config.time_grid(), 0).map(drop).map_err(|error| {
                    Error::config("data", format!("{name} sample {index} of `{}`: {error}", data.name))
                })?;
            }
        }
        Ok(())
    }

    fn loss_scale(&self) -> f32 {
        self.config().precision.loss_scale()
    }
}

/// The loss of the options, or the one that suits the decoder.
fn loss(network: &Network, options: &TrainingConfig) -> Loss {
    options.loss.clone().unwrap_or_else(|| network.config().decoder.default_loss())
}

/// Samples, or steps of series with a class at each, that the loss of a batch is the mean over.
fn count(batch: &Batch) -> usize {
    match (&batch.targets, &batch.lengths[..]) {
        (Targets::ClassPerStep { classes, .. }, []) => classes.len(),
        (Targets::ClassPerStep { .. }, lengths) => lengths.iter().sum(),
        _ => batch.len(),
    }
}

/// Refuses chunks of steps where their gradients would not be those of all steps.
fn check_chunks(network: &Network, options: &TrainingConfig) -> Result<(), Error> {
    if options.chunk.is_none() {
        return Ok(());
    }
    let whole = |layer: &&LayerConfig| !layer.kind.divides_over_time();
    if let Some(layer) = network.config().layers.iter().find(whole) {
        let problem = format!("`{}` needs all steps at once; leave `chunk` out, or that layer", layer.kind.name());
        return Err(Error::config("training.chunk", problem));
    }
    match options.regularizers.is_empty() {
        true => Ok(()),
        false => Err(Error::config("training.chunk", "regularizers need all steps at once; leave `chunk` or them out")),
    }
}

/// Refuses a loss or a decoder that cannot answer targets of this kind.
fn check_targets(network: &Network, loss: &Loss, targets: TargetKind) -> Result<(), Error> {
    let suits = loss.suits(targets, network.classes());
    suits.map_err(|problem| Error::config("training.loss", format!("`{}` {problem}", loss.name())))?;
    let TargetKind::ClassPerStep { steps } = targets else { return Ok(()) };
    let NetworkConfig { decoder, steps: ours, .. } = network.config();
    if !decoder.every_step() {
        let problem = format!(
            "`{}` has one score for all steps, the data have {targets}; set it to \"membrane_trajectory\"",
            decoder.name()
        );
        return Err(Error::config("network.decoder", problem));
    }
    if steps != *ours {
        let problem = format!("is {ours}, the data have {targets}; set it to {steps}");
        return Err(Error::config("network.steps", problem));
    }
    Ok(())
}

/// Refuses a loss of scores that have no gradient.
fn check_scores(network: &Network, loss: &Loss) -> Result<(), Error> {
    let Some(last) = network.layers().iter().rev().find_map(|node| node.neurons()) else { return Ok(()) };
    let (info, decoder) = (last.info(), &network.config().decoder);
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

#[cfg(test)]
mod unequal_lengths;

#[cfg(test)]
mod tests {
    use crate::network::NetworkConfig;
    use crate::train::Trainer;
    use burn::tensor::Device;
    use synfire_data::{Batch, Dataset, Split};

    #[test]
    fn samples_out_of_range_are_found_before_the_first_step() {
        let split = |last: f32| {
            let values = vec![0.0, 0.5, 1.0, 0.25, 0.75, last];
            Split::from_batch(Batch::new(values, [2], [0u8, 1, 0])).unwrap()
        };
        let start = |train: f32, test: f32| {
            let data = Dataset::new("made", split(train), split(test)).unwrap();
            let mut network = NetworkConfig::two_layers("lif", 4, 3);
            network.encoder = "bernoulli".parse().unwrap();
            Trainer::new(network, data).unwrap().device(&Device::flex()).start().map(drop)
        };
        assert!(start(1.0, 0.0).is_ok());
        for (error, words) in [
            (start(1.0, 1.5), "test sample 2 of `made`: encoder `bernoulli` was given values from 0.75 to 1.5"),
            (start(-1.0, 1.0), "training sample 2 of `made`: encoder `bernoulli` was given values from -1 to 0.75"),
        ] {
            let error = error.unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
