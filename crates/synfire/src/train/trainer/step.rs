//! One step of the optimisers on one batch.

use super::Trainer;
use crate::Error;
use crate::network::ForwardOutput;
use crate::parameters::matches;
use crate::train::evaluate::{count_correct, mix, tensors};
use crate::train::gradients::StepGradients;
use burn::optim::GradientsParams;
use synfire_data::Batch;

/// What a step did.
pub(super) struct StepResult {
    /// Before the step.
    pub(super) loss: f32,
    /// Samples that were right.
    pub(super) correct: usize,
    /// Norm of each gradient, in the last step of an epoch.
    pub(super) norms: Vec<(String, f64)>,
}

/// Which step it is.
pub(super) struct Step {
    /// Of random encoders.
    pub(super) seed: u64,
    /// Of the learning rates.
    pub(super) factor: f64,
    /// Whether it is the last of its epoch.
    pub(super) last: bool,
}

impl Trainer {
    /// Takes one step on these samples of the training data, outside of any epoch: for benchmarks and
    /// training loops of your own. Returns the loss before the step.
    ///
    /// # Errors
    ///
    /// As [`Network::forward`](crate::network::Network::forward).
    pub fn train_batch(&mut self, indices: &[usize]) -> Result<f32, Error> {
        let batch = self.data.train.batch(indices)?;
        self.position.batch += 1;
        let seed = mix(self.config.training.seed, self.position.epoch, self.position.batch);
        Ok(self.step(&batch, Step { seed, factor: 1.0, last: false })?.loss)
    }

    /// One step on a batch: the loss before it, how many were right, and the gradient norms in the last.
    pub(super) fn step(&mut self, batch: &Batch, step: Step) -> Result<StepResult, Error> {
        let training = &self.config.training;
        let (pixels, labels) = tensors(batch, &self.device)?;
        let mut penalties = vec![];
        let ForwardOutput { decoded, activity } = self.network.forward_with(pixels, step.seed, |layer, output| {
            let meant = training.regularizers.iter().filter(|regularizer| matches(regularizer.layers(), layer));
            penalties.extend(meant.map(|regularizer| regularizer.penalty(output.clone())));
        })?;
        penalties.extend(decoded.penalty.clone());
        let loss = self.loss.loss(&decoded, &activity, labels);
        let loss = penalties.into_iter().fold(loss, |loss, penalty| loss + penalty);
        let correct = count_correct(decoded.pooled().inner(), batch.targets.classes()?);
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
}
