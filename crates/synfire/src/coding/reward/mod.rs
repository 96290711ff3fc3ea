//! Rewards: the activity of the last layer compared with a target.

mod classify_reward;
mod da_reward;
mod environment_reward;
mod global_reward;
mod populations;
mod target;
mod windows;
mod xor_reward;

pub use classify_reward::ClassifyReward;
pub use da_reward::DaReward;
pub use environment_reward::EnvironmentReward;
pub use global_reward::GlobalReward;
pub use target::Target;
pub use xor_reward::XorReward;

use crate::Error;
use crate::registry::{BadSetting, Component, ComponentKind, kind};
use burn::tensor::Tensor;
use core::fmt::Debug;
use windows::Windows;

/// A reward function with its settings: it rates the activity of the last layer.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::coding::{GlobalReward, Reward, RewardFunction, Target};
///
/// // one step of two samples and three neurons, [T, B, N]
/// let spikes = Tensor::<3>::from_floats([[[1., 0., 0.], [0., 1., 0.]]], &Device::default());
/// let reward = Reward::from(GlobalReward::default());
/// let given = reward.reward(spikes, &Target::Labels(vec![0, 2]))?;
/// // right and wrong, [T, B, 1]
/// assert_eq!(given.into_data().try_into_vec::<f32>().unwrap(), [1.0, -1.0]);
/// # Ok::<(), synfire::Error>(())
/// ```
pub type Reward = Component<dyn RewardFunction>;

kind!("reward", RewardFunction, [ClassifyReward, DaReward, EnvironmentReward, GlobalReward, XorReward]);

impl Default for Reward {
    fn default() -> Self {
        GlobalReward::default().into()
    }
}

/// The work of a reward function; implement it with [`Named`](crate::registry::Named) for one of your own, and
/// [`register`] it to use it by name. It has no gradient.
///
/// A reward is given at the last step of each window of `dec_sample_step` steps, for the output in that
/// window; at all other steps it is 0.
pub trait RewardFunction: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, its value and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// The reward at every step.
    ///
    /// # Shapes
    ///
    /// - record `[T, B, N]`: spikes or graded output
    /// - reward `[T, B, 1]`, or `[T, B, N]` where neurons get rewards of their own
    ///
    /// # Errors
    ///
    /// [`Error::Unsuited`] if there is not one target per sample, or not one of its kind; or if there cannot be that
    /// many neurons.
    fn reward(&self, record: Tensor<3>, target: &Target) -> Result<Tensor<3>, Error>;
}

/// Refuses a window of no steps.
fn check_window(dec_sample_step: usize) -> Result<(), BadSetting> {
    match dec_sample_step {
        0 => Err(BadSetting::of("dec_sample_step", "is 0; expected a window of at least one step")),
        _ => Ok(()),
    }
}

/// Refuses populations of no neurons, and rewards that are not finite.
fn check_signals(pop_size: usize, reward_signal: f32, punish_signal: f32) -> Result<(), BadSetting> {
    if pop_size == 0 {
        return Err(BadSetting::of("pop_size", "is 0; expected at least one neuron per population"));
    }
    for (key, signal) in [("reward_signal", reward_signal), ("punish_signal", punish_signal)] {
        if !signal.is_finite() {
            return Err(BadSetting::of(key, format!("is {signal}; expected a finite number")));
        }
    }
    Ok(())
}

/// The error of a record or target that does not suit the reward `name`.
fn unsuited(name: &'static str, problem: impl Into<String>) -> Error {
    Error::Unsuited { kind: <dyn RewardFunction>::WORD, name, problem: problem.into() }
}

/// Refuses settings that nobody has checked before.
fn checked(name: &'static str, check: Result<(), BadSetting>) -> Result<(), Error> {
    check.map_err(|bad| bad.used(<dyn RewardFunction>::WORD, name))
}

#[cfg(test)]
mod tests;
