//! Rewards from an environment.

use super::{RewardFunction, Target, Windows, check_window};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Value that the environment gave for each sample, whatever the network did, `[T, B, 1]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentReward {
    /// Number of steps per reward, at least 1.
    pub dec_sample_step: usize,
}

impl Default for EnvironmentReward {
    fn default() -> Self {
        EnvironmentReward { dec_sample_step: 1 }
    }
}

impl Named for EnvironmentReward {
    const NAME: &'static str = "environment_reward";
    const ABOUT: &'static str = "the value that the environment gave";
}

impl RewardFunction for EnvironmentReward {
    fn check(&self) -> Result<(), BadSetting> {
        check_window(self.dec_sample_step)
    }

    fn reward(&self, record: Tensor<3>, target: &Target) -> Result<Tensor<3>, Error> {
        let batch = record.dims()[1];
        let windows = Windows::of(Self::NAME, record, self.dec_sample_step, false)?;
        let values = target.values(Self::NAME, batch, &windows.sums.device())?;
        Ok(windows.at_ends(values))
    }
}
