//! Regularisers: penalties that training adds to the loss.

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

/// The work of a regulariser; implement it with [`Named`](crate::registry::Named) for one of your own, and
/// [`register`] it to use it by name.
pub trait Regularize: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, its value and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Pattern of the names of the layers that it is for, `layers.1` or `*`.
    fn layers(&self) -> &str;

    /// Penalty that is added to the loss, `[1]`, for the output `[T, B, N]` of a layer.
    fn penalty(&self, output: Tensor<3>) -> Tensor<1>;
}

/// Refuses a weight that is not above 0.
fn check_weight(weight: f32) -> Result<(), BadSetting> {
    BadSetting::unless_above_zero("weight", weight, "a number")
}
