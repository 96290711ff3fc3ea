//! Losses: what training makes small.

mod cross_entropy;
mod first_spike_time;
mod likelihood;
mod max_membrane;
mod mse;

pub use cross_entropy::CrossEntropy;
pub use first_spike_time::FirstSpikeTime;
pub use likelihood::Likelihood;
pub use max_membrane::MaxMembrane;
pub use mse::Mse;

use super::{Activity, Decoded, Decoder};
use crate::registry::{BadSetting, Component, kind};
use burn::tensor::{Int, Tensor, activation::log_softmax};
use core::fmt::Debug;

/// A loss with its settings.
pub type Loss = Component<dyn Criterion>;

kind!("loss", Criterion, [CrossEntropy, FirstSpikeTime, Likelihood, MaxMembrane, Mse]);

impl Default for Loss {
    fn default() -> Self {
        CrossEntropy::default().into()
    }
}

/// What a loss does; implement it with [`Named`](crate::registry::Named) for one of your own, and [`register`]
/// it to use it by name.
pub trait Criterion: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, what is wrong with it and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Refuses a decoder whose scores it makes no sense of.
    ///
    /// # Errors
    ///
    /// What it needs instead.
    fn goes_with(&self, decoder: &Decoder) -> Result<(), String> {
        let _ = decoder;
        Ok(())
    }

    /// Whether it is of the decoder's scores, and not of the last layer's output itself.
    fn is_of_scores(&self) -> bool {
        true
    }

    /// Mean loss of a batch, `[1]`.
    ///
    /// # Shapes
    ///
    /// - scores `[1, B, classes]`, or `[T, B, classes]` where there are scores of every step
    /// - labels `[B]`, below the number of classes
    fn loss(&self, decoded: &Decoded, activity: &Activity, labels: Tensor<1, Int>) -> Tensor<1>;
}

/// Logarithm of the right class's softmax, `[S, B, 1]`.
fn log_likelihood(scores: Tensor<3>, labels: Tensor<1, Int>) -> Tensor<3> {
    right_class(log_softmax(scores, 2), labels)
}

/// The right class's number, `[S, B, 1]`.
fn right_class(scores: Tensor<3>, labels: Tensor<1, Int>) -> Tensor<3> {
    let [steps, batch, _] = scores.dims();
    scores.gather(2, labels.reshape([1, batch, 1]).expand([steps, batch, 1]))
}

#[cfg(test)]
mod tests;
