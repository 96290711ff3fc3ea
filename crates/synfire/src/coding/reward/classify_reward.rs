//! The error of a classifier, as a reward.

use super::{RewardFunction, Target, Windows, check_window, populations};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use serde::{Deserialize, Serialize};

/// The error of a classifier, as a reward for each neuron, `[T, B, N]`.
///
/// ```text
/// trace  = 0.99 trace + mean output in the window
/// z      = (trace - mean) / (deviation + 0.1)      over batch and neurons
/// reward = 1[neuron of the label] - softmax(z)     over neurons
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassifyReward {
    /// Number of steps per reward, at least 1.
    pub dec_sample_step: usize,
    /// Whether to do as SPAIC's source does, which sees the output one step late.
    pub spaic_compat: bool,
}

/// Factor of the trace per window.
const DECAY: f32 = 0.99;
/// Keeps the trace finite where all neurons have the same output.
const LEAST_DEVIATION: f32 = 0.1;

impl Default for ClassifyReward {
    fn default() -> Self {
        ClassifyReward { dec_sample_step: 1, spaic_compat: false }
    }
}

impl Named for ClassifyReward {
    const NAME: &'static str = "classify_reward";
    const ABOUT: &'static str = "difference of each neuron from the right class";
}

impl RewardFunction for ClassifyReward {
    fn check(&self) -> Result<(), BadSetting> {
        check_window(self.dec_sample_step)
    }

    fn reward(&self, record: Tensor<3>, target: &Target) -> Result<Tensor<3>, Error> {
        let [_, batch, neurons] = record.dims();
        let windows = Windows::of(Self::NAME, record, self.dec_sample_step, self.spaic_compat)?;
        let device = windows.sums.device();
        let labels = target.labels(Self::NAME, batch, neurons, &device)?;
        let dims = [1, batch, neurons];
        let wanted = populations::indices(neurons, &device).expand(dims).equal(labels.expand(dims)).float();

        let mut trace = Tensor::<3>::zeros(dims, &device);
        let rewards = windows.sums.clone().split(1, 0).into_iter().map(|sum| {
            trace = trace.clone() * DECAY + sum / self.dec_sample_step as f32;
            wanted.clone() - softmax(standardised(trace.clone()), 2)
        });
        Ok(windows.at_ends(Tensor::cat(rewards.collect(), 0)))
    }
}

/// The trace with mean 0 and a deviation of at most 1, by the sample variance as in SPAIC.
fn standardised(trace: Tensor<3>) -> Tensor<3> {
    let dims = trace.dims();
    let count = dims.iter().product::<usize>() as f32;
    let distance = trace.clone() - trace.mean().reshape([1, 1, 1]).expand(dims);
    let variance = distance.clone().square().sum() / (count - 1.0).max(1.0);
    distance / (variance.sqrt() + LEAST_DEVIATION).reshape([1, 1, 1]).expand(dims)
}
