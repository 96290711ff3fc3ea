//! Regularisers: what training makes small beside the loss.

mod firing_rate;
mod spike_cost;

pub use firing_rate::FiringRate;
pub use spike_cost::SpikeCost;

use crate::registry::{BadSetting, Component, kind};
use burn::tensor::Tensor;
use core::fmt::Debug;

/// A regulariser with its settings.
pub type Regularizer = Component<dyn Regularize>;

kind!("regularizer", Regularize, [FiringRate, SpikeCost]);

/// What a regulariser does; implement it with [`Named`](crate::registry::Named) for one of your own, and
/// [`register`] it to use it by name.
pub trait Regularize: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, what is wrong with it and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Which layers it is for, a pattern of their names, `layers.1` or `*`.
    fn layers(&self) -> &str;

    /// What is added to the loss, `[1]`, for the output `[T, B, N]` of a layer.
    fn penalty(&self, output: Tensor<3>) -> Tensor<1>;
}

/// Refuses a weight that is not above 0.
fn check_weight(weight: f32) -> Result<(), BadSetting> {
    BadSetting::unless_above_zero("weight", weight, "a number")
}
