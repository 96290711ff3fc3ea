//! A reward for one population that should fire or be silent.

use super::{RewardFunction, Target, Windows, check_signals, check_window, checked, unsuited};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Reward for one population that should fire for the label 1 and be silent for the label 0, `[T, B, 1]`:
/// `reward_signal` if it does, else `punish_signal`. A single spike in the window is firing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct XorReward {
    /// Number of neurons of the population: all that there are, at least 1.
    pub pop_size: usize,
    /// Reward of a right answer.
    pub reward_signal: f32,
    /// Reward of a wrong one.
    pub punish_signal: f32,
    /// Number of steps per reward, at least 1.
    pub dec_sample_step: usize,
    /// Whether to do as SPAIC's source does, which sees the output one step late and punishes the label 0 whatever the population does.
    pub spaic_compat: bool,
}

impl Default for XorReward {
    fn default() -> Self {
        XorReward { pop_size: 1, reward_signal: 1.0, punish_signal: -1.0, dec_sample_step: 1, spaic_compat: false }
    }
}

impl Named for XorReward {
    const NAME: &'static str = "xor_reward";
    const ABOUT: &'static str = "whether the only population fires when it should, and only then";
}

impl RewardFunction for XorReward {
    fn check(&self) -> Result<(), BadSetting> {
        check_signals(self.pop_size, self.reward_signal, self.punish_signal)?;
        check_window(self.dec_sample_step)
    }

    fn reward(&self, record: Tensor<3>, target: &Target) -> Result<Tensor<3>, Error> {
        checked(Self::NAME, self.check())?;
        let [_, batch, neurons] = record.dims();
        if neurons != self.pop_size {
            let problem =
                format!("has one population, of `pop_size` = {} neurons, and was given {neurons}", self.pop_size);
            return Err(unsuited(Self::NAME, problem));
        }
        let windows = Windows::of(Self::NAME, record, self.dec_sample_step, self.spaic_compat)?;
        let fires = windows.sums.clone().sum_dim(2).greater_elem(0.0).float();
        let labels = target.labels(Self::NAME, batch, 2, &fires.device())?.expand(fires.dims());
        let right = match self.spaic_compat {
            true => labels * fires,
            false => labels.equal(fires).float(),
        };
        Ok(windows.at_ends(right * (self.reward_signal - self.punish_signal) + self.punish_signal))
    }
}
