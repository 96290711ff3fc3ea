//! One reward for all neurons: right or wrong.

use super::{RewardFunction, Target, Windows, check_signals, check_window, checked, populations};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// One reward for all neurons, `[T, B, 1]`: `reward_signal` if the population that fires most is that of the label, else
/// `punish_signal`. Of several that fire most, the first one counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlobalReward {
    /// Number of neurons per class, at least 1.
    pub pop_size: usize,
    /// Reward of a right answer.
    pub reward_signal: f32,
    /// Reward of a wrong one.
    pub punish_signal: f32,
    /// Number of steps per reward, at least 1.
    pub dec_sample_step: usize,
    /// Whether to do as SPAIC's source does, which sees the output one step late and gives the mean over the batch, `[T, 1, 1]`.
    pub spaic_compat: bool,
}

impl Default for GlobalReward {
    fn default() -> Self {
        GlobalReward { pop_size: 1, reward_signal: 1.0, punish_signal: -1.0, dec_sample_step: 1, spaic_compat: false }
    }
}

impl Named for GlobalReward {
    const NAME: &'static str = "global_reward";
    const ABOUT: &'static str = "whether the right population fires most, one reward for all neurons";
}

impl RewardFunction for GlobalReward {
    fn check(&self) -> Result<(), BadSetting> {
        check_signals(self.pop_size, self.reward_signal, self.punish_signal)?;
        check_window(self.dec_sample_step)
    }

    fn reward(&self, record: Tensor<3>, target: &Target) -> Result<Tensor<3>, Error> {
        checked(Self::NAME, self.check())?;
        let [_, batch, neurons] = record.dims();
        let windows = Windows::of(Self::NAME, record, self.dec_sample_step, self.spaic_compat)?;
        let classes = populations::count(Self::NAME, neurons, self.pop_size)?;
        let labels = target.labels(Self::NAME, batch, classes, &windows.sums.device())?;
        let answer = populations::answer(windows.sums.clone(), self.pop_size);
        let right = labels.expand(answer.dims()).equal(answer).float();
        let mut reward = right * (self.reward_signal - self.punish_signal) + self.punish_signal;
        if self.spaic_compat {
            reward = reward.mean_dim(1);
        }
        Ok(windows.at_ends(reward))
    }
}
