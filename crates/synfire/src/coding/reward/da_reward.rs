//! Dopamine for the neurons that answered right.

use super::{RewardFunction, Target, Windows, check_signals, check_window, checked, populations};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Dopamine for the neurons that answered right, `[T, B, N]`: `reward_signal` for the neurons of the population that
/// fires most if it is that of the label, `punish_signal` for all others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DaReward {
    /// Number of neurons per class, at least 1.
    pub pop_size: usize,
    /// Reward of the neurons that answered right.
    pub reward_signal: f32,
    /// Reward of all others.
    pub punish_signal: f32,
    /// Number of steps per reward, at least 1.
    pub dec_sample_step: usize,
    /// Whether to do as SPAIC's source does, which sees the output one step late and gives the sum over the batch, `[T, 1, N]`.
    pub spaic_compat: bool,
}

impl Default for DaReward {
    fn default() -> Self {
        DaReward { pop_size: 1, reward_signal: 1.0, punish_signal: 0.0, dec_sample_step: 1, spaic_compat: false }
    }
}

impl Named for DaReward {
    const NAME: &'static str = "da_reward";
    const ABOUT: &'static str = "dopamine for the neurons that answered right";
}

impl RewardFunction for DaReward {
    fn check(&self) -> Result<(), BadSetting> {
        check_signals(self.pop_size, self.reward_signal, self.punish_signal)?;
        check_window(self.dec_sample_step)
    }

    fn reward(&self, record: Tensor<3>, target: &Target) -> Result<Tensor<3>, Error> {
        checked(Self::NAME, self.check())?;
        let [_, batch, neurons] = record.dims();
        let windows = Windows::of(Self::NAME, record, self.dec_sample_step, self.spaic_compat)?;
        let device = windows.sums.device();
        let classes = populations::count(Self::NAME, neurons, self.pop_size)?;
        let labels = target.labels(Self::NAME, batch, classes, &device)?;
        let answer = populations::answer(windows.sums.clone(), self.pop_size);
        let right = labels.expand(answer.dims()).equal(answer.clone()).float();

        let [count, ..] = answer.dims();
        let dims = [count, batch, classes];
        let answered = populations::indices(classes, &device).expand(dims).equal(answer.expand(dims)).float();
        let praised = answered * right;
        let praised = praised.unsqueeze_dim::<4>(3).expand([count, batch, classes, self.pop_size]);
        let praised = praised.reshape([count, batch, neurons]);
        let mut reward = praised * (self.reward_signal - self.punish_signal) + self.punish_signal;
        if self.spaic_compat {
            reward = reward.sum_dim(1);
        }
        Ok(windows.at_ends(reward))
    }
}
