//! One step of the optimisers.

use super::Training;
use crate::Error;
use crate::train::evaluate::mix;
use crate::train::gradients::StepGradients;
use crate::train::shards::Shards;
use crate::train::{BuildModel, ExchangePrecision, Trainable};
use synfire_data::Draw;

/// Factor of the loss to begin with where gradients travel in half precision. It is below that of networks of precision `f16`,
/// since what travels are sums over samples, not means.
const EXCHANGE_SCALE: f32 = 64.0;

/// Loss and metrics of a step.
pub(super) struct StepResult {
    /// Mean loss before the step.
    pub(super) loss: f32,
    /// Samples that the loss is a mean over.
    pub(super) count: usize,
    /// Samples that were right, where targets are classes.
    pub(super) correct: Option<usize>,
    /// Norm of each gradient, in the last step of an epoch.
    pub(super) norms: Vec<(String, f64)>,
}

/// Seed and learning rate of a step.
pub(super) struct Step {
    /// Of what Burn's own layers draw at random in it.
    pub(super) seed: u64,
    /// Of what is drawn at random for each sample.
    pub(super) sample_seed: u64,
    /// Of the learning rates.
    pub(super) factor: f64,
    /// Whether it is the last of its epoch.
    pub(super) last: bool,
}

impl<C: BuildModel> Training<C> {
    /// Takes one step on these samples of the training data, outside of any epoch: for benchmarks and
    /// training loops of your own. Returns the loss before the step.
    ///
    /// # Errors
    ///
    /// The problem with the samples.
    pub fn train_batch(&mut self, indices: &[usize]) -> Result<f32, Error> {
        self.position.batch += 1;
        let seed = mix(self.options.seed, self.position.epoch, self.position.batch);
        let shards = self.shards(&[indices]);
        let mut shards = Shards::begin(&self.data.train, shards, self.random(self.position.epoch));
        Ok(self.step(indices, &mut shards, &Step { seed, sample_seed: seed, factor: 1.0, last: false })?.loss)
    }

    /// Indices of the samples of each part of these batches that this process computes.
    pub(super) fn shards(&self, batches: &[&[usize]]) -> Vec<Vec<usize>> {
        let parts = |indices: &&[usize]| {
            let (division, indices) = (self.division(indices.len()), indices.to_vec());
            let parts = self.places(&division).flat_map(move |place| division.parts_of(place));
            parts.map(|part| indices[part.samples].to_vec()).collect::<Vec<_>>()
        };
        batches.iter().flat_map(parts).collect()
    }

    /// Random numbers of the samples' transforms in an epoch.
    pub(super) fn random(&self, epoch: usize) -> Draw {
        Draw { seed: self.options.seed, epoch: epoch as u64 }
    }

    /// One step on these samples, whose shards come next: adds them up, divides by their count, and moves the parameters. Nothing moves
    /// if the loss is not finite, or if a gradient has overflowed in half precision: then the next step has a smaller
    /// factor of the loss.
    pub(super) fn step(&mut self, indices: &[usize], shards: &mut Shards, step: &Step) -> Result<StepResult, Error> {
        let base = self.loss_scale();
        let scale = self.position.scale.factor(base);
        let division = self.division(indices.len());
        let (mut result, mut gradients) = if division.shards == 1 {
            self.undivided(&division, shards, step, scale)?
        } else {
            self.divided(&division, shards, step, scale)?
        };
        if !result.loss.is_finite() {
            return Ok(result);
        }
        if base != 1.0 && !self.fits(&gradients, step)? {
            return Ok(result);
        }
        if step.last {
            result.norms = gradients.norms(&self.model);
        }
        if let Some(limit) = self.options.gradient_norm {
            gradients.clip(&self.model, limit);
        }
        let (connections, neurons) = gradients.split(&self.model);
        let rate = self.options.learning_rate * step.factor;
        let neuron_rate = self.options.neuron_learning_rate.unwrap_or(self.options.learning_rate) * step.factor;
        let model = self.optimizers.connections.step(rate, self.model.clone(), connections);
        self.model = match neurons.is_empty() {
            true => model,
            false => self.optimizers.neurons.step(neuron_rate, model, neurons),
        };
        Ok(result)
    }

    /// The factor of the loss to begin with; above 1 where gradients are, or travel, in half precision.
    fn loss_scale(&self) -> f32 {
        match (self.model.loss_scale(), self.options.exchange_precision) {
            (1.0, ExchangePrecision::F16) => EXCHANGE_SCALE,
            (scale, _) => scale,
        }
    }

    /// Whether all gradients are finite, and a factor of the loss that suits the next step.
    fn fits(&mut self, gradients: &StepGradients, step: &Step) -> Result<bool, Error> {
        let norms = gradients.norms(&self.model);
        let Some((parameter, value)) = norms.into_iter().find(|(_, norm)| !norm.is_finite()) else {
            self.position.scale.fitted();
            return Ok(true);
        };
        match self.position.scale.overflowed() {
            true => Ok(false),
            false => Err(Error::NotFinite {
                parameter: format!("the gradient of {parameter}"),
                value: value as f32,
                epoch: self.position.epoch + 1,
                learning_rate: self.options.learning_rate * step.factor,
                precision: self.model.precision(),
            }),
        }
    }
}
