//! Losses, which training makes small.

mod cross_entropy;
mod expected;
mod first_spike_time;
mod likelihood;
mod max_membrane;
mod mse;

pub use cross_entropy::CrossEntropy;
pub use expected::{Expected, StepClasses};
pub use first_spike_time::FirstSpikeTime;
pub use likelihood::Likelihood;
pub use max_membrane::MaxMembrane;
pub use mse::Mse;

use super::{Activations, Decoded, Decoder};
use crate::registry::{BadSetting, Component, kind};
use burn::tensor::{Int, Tensor, activation::log_softmax};
use core::fmt::Debug;
use synfire_data::TargetKind;

/// A loss with its settings.
///
/// ```
/// use burn::tensor::{Device, Int, Tensor};
/// use synfire::coding::{Criterion, Loss, Mse};
///
/// let device = Device::default();
/// // firing rates of two samples and two classes
/// let rates = Tensor::<2>::from_floats([[0.5, 0.0], [0.0, 1.0]], &device);
/// let labels = Tensor::<1, Int>::from_ints([0, 1], &device);
/// let loss = Mse::default().of_scores(rates.clone(), labels.clone().into());
/// assert_eq!(loss.into_scalar::<f32>(), 0.0625);
/// // the same by name
/// let loss: Loss = "mse".parse()?;
/// assert_eq!(loss.of_scores(rates, labels.into()).into_scalar::<f32>(), 0.0625);
/// # Ok::<(), synfire::Error>(())
/// ```
pub type Loss = Component<dyn Criterion>;

kind!("loss", Criterion, [CrossEntropy, FirstSpikeTime, Likelihood, MaxMembrane, Mse]);

impl Default for Loss {
    fn default() -> Self {
        CrossEntropy::default().into()
    }
}

/// The work of a loss; implement it with [`Named`](crate::registry::Named) for one of your own, and [`register`] it to
/// use it by name.
pub trait Criterion: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, its value and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Refuses a decoder whose scores it cannot be computed from.
    ///
    /// # Errors
    ///
    /// The decoder that it needs instead.
    fn goes_with(&self, decoder: &Decoder) -> Result<(), String> {
        let _ = decoder;
        Ok(())
    }

    /// Refuses data with targets that it is not of, or another number of scores than it has settings for. Losses are
    /// of one class for each sample by default.
    ///
    /// # Errors
    ///
    /// The problem and its cure.
    fn suits(&self, targets: TargetKind, scores: usize) -> Result<(), String> {
        let _ = scores;
        match targets {
            TargetKind::Class => Ok(()),
            other => Err(of_another_kind("needs a class of each sample", other)),
        }
    }

    /// Whether it is computed from the decoder's scores, not from the activity of the last layer itself.
    fn is_of_scores(&self) -> bool {
        true
    }

    /// Mean loss of a batch, `[1]`.
    ///
    /// # Shapes
    ///
    /// - scores `[1, B, S]`, or `[T, B, S]` where there are scores at every step, with a score for each class or element
    ///   of the target vectors
    fn loss(&self, decoded: &Decoded, activations: &Activations, expected: &Expected) -> Tensor<1>;

    /// Mean loss of a batch, `[1]`, of scores `[B, S]`.
    ///
    /// A loss that is [not of scores](Self::is_of_scores) takes them for the output of a single step; it is meant for
    /// [`of_steps`](Self::of_steps).
    fn of_scores(&self, scores: Tensor<2>, expected: Expected) -> Tensor<1> {
        self.of_steps(scores.unsqueeze_dim(0), expected)
    }

    /// Mean loss of a batch, `[1]`, of scores or spikes at every step `[T, B, S]`, of 1 ms each.
    fn of_steps(&self, steps: Tensor<3>, expected: Expected) -> Tensor<1> {
        self.loss(&steps.clone().into(), &steps.into(), &expected)
    }
}

/// `needs a class of each sample; the data have a vector of 3 values for each sample: ..`
fn of_another_kind(needs: &str, found: TargetKind) -> String {
    let cure = match found {
        TargetKind::Class => "another loss",
        TargetKind::Vector { .. } => "\"mse\"",
        TargetKind::ClassPerStep { .. } => "\"cross_entropy\" or \"mse\"",
    };
    format!("{needs}; the data have {found}: set `training.loss` to {cure}")
}

/// Logarithm of the softmax of the right class, `[S, B, 1]`.
fn log_likelihood(scores: Tensor<3>, labels: Tensor<1, Int>) -> Tensor<3> {
    right_class(log_softmax(scores, 2), labels)
}

/// Score of the right class, `[S, B, 1]`.
fn right_class(scores: Tensor<3>, labels: Tensor<1, Int>) -> Tensor<3> {
    let [steps, batch, _] = scores.dims();
    scores.gather(2, labels.reshape([1, batch, 1]).expand([steps, batch, 1]))
}

#[cfg(test)]
mod tests;
