//! Actions: from the activity of the last layer to one action per sample.

mod first_spike_action;
mod highest_spikes_action;
mod highest_voltage_action;
mod policy;
mod pop_rate_action;
mod random_action;
mod softmax_action;

pub use first_spike_action::FirstSpikeAction;
pub use highest_spikes_action::HighestSpikesAction;
pub use highest_voltage_action::HighestVoltageAction;
pub use policy::Policy;
pub use pop_rate_action::PopRateAction;
pub use random_action::RandomAction;
pub use softmax_action::SoftmaxAction;

use super::{Activations, Reads};
use crate::Error;
use crate::coding::precision::single;
use crate::registry::{BadSetting, Component, ComponentKind, kind};
use burn::tensor::Tensor;
use core::fmt::Debug;
use synfire_dynamics::CounterRng;

/// An action selector with its settings: it turns the activity of the last layer into one action per sample.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::coding::{Action, ActionSeed, ActionSelector, SoftmaxAction};
///
/// // two steps of two samples and three neurons, [T, B, N]
/// let spikes = Tensor::<3>::from_floats(
///     [[[9., 0., 0.], [0., 0., 0.]], [[9., 0., 0.], [0., 9., 0.]]],
///     &Device::default(),
/// );
/// let activations = spikes.into();
/// let action = Action::from(SoftmaxAction::default());
/// let taken = action.select(&activations, ActionSeed { seed: 1, step: 0 })?;
/// assert_eq!(taken, [0, 1]);
/// // for a policy gradient: the logarithm of the probability of each, [B], differentiable
/// let log_probability = action.policy(&activations).unwrap().of(&taken);
/// # assert_eq!(log_probability.dims(), [2]);
/// # Ok::<(), synfire::Error>(())
/// ```
pub type Action = Component<dyn ActionSelector>;

kind!(
    "action",
    ActionSelector,
    [FirstSpikeAction, HighestSpikesAction, HighestVoltageAction, PopRateAction, RandomAction, SoftmaxAction]
);

impl Default for Action {
    fn default() -> Self {
        SoftmaxAction::default().into()
    }
}

/// The work of an action selector; implement it with [`Named`](crate::registry::Named) for one of your own, and
/// [`register`] it to use it by name.
pub trait ActionSelector: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, its value and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Part of the activations that it reads besides the values.
    fn reads(&self) -> Reads {
        Reads::Output
    }

    /// Number of actions for `neurons`.
    ///
    /// # Errors
    ///
    /// Why it cannot be that many neurons.
    fn actions(&self, neurons: usize) -> Result<usize, String> {
        Ok(neurons)
    }

    /// Probabilities of the actions, differentiable; none where the selection has no gradient.
    ///
    /// # Panics
    ///
    /// May panic if it cannot be that many neurons, see [`actions`](Self::actions).
    fn policy(&self, activations: &Activations) -> Option<Policy> {
        let _ = activations;
        None
    }

    /// Selects an action for each sample, below [`actions`](Self::actions) of the number of neurons.
    ///
    /// # Errors
    ///
    /// [`Error::Unsuited`] for activations that say nothing about an action, or a setting out of its range.
    fn select(&self, activations: &Activations, seed: ActionSeed) -> Result<Vec<usize>, Error>;
}

/// Seed of a decision: its random values are a function of both fields, the same on every backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActionSeed {
    /// Seed of the run.
    pub seed: u64,
    /// Index of the decision, from 0. The caller counts; exploration that fades reads it.
    pub step: u64,
}

impl ActionSeed {
    /// `count` uniform values in [0, 1).
    pub(super) fn uniform(self, count: usize) -> Vec<f32> {
        CounterRng::new(self.seed).in_stream(self.step).rows([1, 1, count], |_, _, _| ())
    }
}

/// Values of each sample.
fn rows(values: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, columns] = values.dims();
    let values: Vec<f32> = values.detach().into_data().iter::<f32>().collect();
    values.chunks(columns.max(1)).map(<[f32]>::to_vec).collect()
}

/// Spike counts, `[B, N]`.
fn counts(activations: &Activations) -> Tensor<2> {
    single(activations.values.clone()).sum_dim(0).squeeze_dim(0)
}

/// An index below `count` by a uniform value in [0, 1).
fn pick(uniform: f32, count: usize) -> usize {
    ((f64::from(uniform) * count as f64) as usize).min(count.saturating_sub(1))
}

/// Lowest index of the largest value.
fn first_maximum(values: &[f32]) -> usize {
    values.iter().enumerate().fold(0, |best, (i, value)| if *value > values[best] { i } else { best })
}

/// Refuses settings that nobody has checked before.
fn checked(name: &'static str, check: Result<(), BadSetting>) -> Result<(), Error> {
    check.map_err(|bad| bad.used(<dyn ActionSelector>::WORD, name))
}

/// The rows; refuses values that are not finite, and rows without any.
fn sound(name: &'static str, what: &str, values: Tensor<2>) -> Result<Vec<Vec<f32>>, Error> {
    let dims = values.dims();
    let refuse = |problem| Err(Error::Unsuited { kind: <dyn ActionSelector>::WORD, name, problem });
    if dims.contains(&0) {
        return refuse(format!("was given {what} of shape {dims:?}; expected [B, N] with at least one of each"));
    }
    let rows = rows(values);
    match rows.iter().flatten().find(|x| !x.is_finite()) {
        Some(x) => refuse(format!("was given {what} with {x}; look for parameters or inputs that are not finite")),
        None => Ok(rows),
    }
}

#[cfg(test)]
mod tests;
