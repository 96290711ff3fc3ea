//! Actions: from what the last layer did to what is done, one action per sample.

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

use super::{Activity, Reads};
use crate::Error;
use crate::registry::{BadSetting, Component, ComponentKind, kind};
use burn::tensor::Tensor;
use core::fmt::Debug;
use synfire_dynamics::CounterRng;

/// A way to act, with its settings: how the last layer's activity becomes an action.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::coding::{ActionSelector, Action, Activity, ActionSeed, SoftmaxAction};
///
/// // two steps of two samples and three neurons, [T, B, N]
/// let output = Tensor::from_floats(
///     [[[9., 0., 0.], [0., 0., 0.]], [[9., 0., 0.], [0., 9., 0.]]],
///     &Device::default(),
/// );
/// let activity = Activity { output, spike_times: None, potential: None, dt: 1.0 };
/// let action = Action::from(SoftmaxAction::default());
/// let taken = action.select(&activity, ActionSeed { seed: 1, step: 0 })?;
/// assert_eq!(taken, [0, 1]);
/// // for a policy gradient: the logarithm of the probability of each, [B], differentiable
/// let log_probability = action.policy(&activity).unwrap().of(&taken);
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

/// What a way to act does; implement it with [`Named`](crate::registry::Named) for one of your own, and
/// [`register`] it to use it by name.
pub trait ActionSelector: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, what is wrong with it and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// What it reads of the last layer besides the output.
    fn reads(&self) -> Reads {
        Reads::Output
    }

    /// Number of actions that so many neurons choose from.
    ///
    /// # Errors
    ///
    /// Why it cannot be that many neurons.
    fn actions(&self, neurons: usize) -> Result<usize, String> {
        Ok(neurons)
    }

    /// How likely each action is, differentiable; `None` where the choice has no gradient.
    ///
    /// # Panics
    ///
    /// May panic if it cannot be that many neurons, see [`actions`](Self::actions).
    fn policy(&self, activity: &Activity) -> Option<Policy> {
        let _ = activity;
        None
    }

    /// One action for each sample, below [`actions`](Self::actions) of the number of neurons.
    ///
    /// # Errors
    ///
    /// [`Error::Unsuited`] for an activity that says nothing about an action, or a setting out of its range.
    fn select(&self, activity: &Activity, seed: ActionSeed) -> Result<Vec<usize>, Error>;
}

/// Where the randomness of a decision comes from: a pure function of both numbers, the same on every backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActionSeed {
    /// Of the run.
    pub seed: u64,
    /// Number of the decision, from 0. The caller counts; exploration that fades reads it.
    pub step: u64,
}

impl ActionSeed {
    /// `count` uniform numbers in [0, 1).
    pub(super) fn uniform(self, count: usize) -> Vec<f32> {
        CounterRng { seed: self.seed, stream: self.step, first_row: 0 }.rows([1, count], |_, _| ())
    }
}

/// The numbers of each sample.
fn rows(values: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, columns] = values.dims();
    let numbers: Vec<f32> = values.detach().into_data().iter::<f32>().collect();
    numbers.chunks(columns.max(1)).map(<[f32]>::to_vec).collect()
}

/// Number of spikes of each neuron, `[B, N]`.
fn counts(activity: &Activity) -> Tensor<2> {
    activity.output.clone().sum_dim(0).squeeze_dim(0)
}

/// One of `count` by a uniform number in [0, 1).
fn pick(uniform: f32, count: usize) -> usize {
    ((f64::from(uniform) * count as f64) as usize).min(count.saturating_sub(1))
}

/// The lowest index of the largest value.
fn first_maximum(values: &[f32]) -> usize {
    values.iter().enumerate().fold(0, |best, (i, value)| if *value > values[best] { i } else { best })
}

/// Refuses settings where they are used too: an action may be made without a configuration.
fn checked(name: &'static str, check: Result<(), BadSetting>) -> Result<(), Error> {
    check.map_err(|bad| bad.used(<dyn ActionSelector>::WORD, name))
}

/// The rows, if each has at least one number and all are finite.
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
