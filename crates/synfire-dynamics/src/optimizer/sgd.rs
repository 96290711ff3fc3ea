//! Gradient descent, with momentum if wanted.

use super::{WeightDecay, in_one_pass};
use crate::backend::OptimizerBackend;
use burn::backend::Dispatch;
use burn::tensor::Tensor;

/// Settings of one step of gradient descent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SgdStep {
    /// Learning rate.
    pub rate: f64,
    /// Share of the velocity that stays from one step to the next.
    pub momentum: f32,
    /// Pull towards zero.
    pub decay: WeightDecay,
}

/// Factors of a step that are the same for all parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SgdFactors {
    pub(crate) rate: f32,
    pub(crate) momentum: f32,
    /// Share of the parameters in the gradient.
    pub(crate) penalty: f32,
    /// Share of the parameters that stays.
    pub(crate) kept: f32,
}

impl SgdStep {
    pub(crate) fn factors(&self) -> SgdFactors {
        let [penalty, kept] = self.decay.factors(self.rate);
        SgdFactors { rate: self.rate as f32, momentum: self.momentum, penalty, kept }
    }
}

/// Takes a step of gradient descent with momentum: returns the parameters and the velocity after it.
///
/// ```text
/// u <- momentum · u + g        p <- p - rate · u
/// ```
///
/// All tensors have one shape; the velocity before the first step is zero. One pass on CPUs, as [`adam_step`](super::adam_step).
///
/// # Panics
///
/// As Burn's operations, if the shapes differ.
#[must_use]
pub fn sgd_step<const D: usize>(
    parameters: Tensor<D>,
    gradient: Tensor<D>,
    velocity: Tensor<D>,
    step: &SgdStep,
) -> (Tensor<D>, Tensor<D>) {
    if in_one_pass([&parameters, &gradient, &velocity]) {
        let [parameters, gradient, velocity] = [parameters, gradient, velocity].map(Tensor::into_dispatch);
        let (parameters, velocity) = Dispatch::sgd(parameters, gradient, velocity, step.factors());
        return (Tensor::from_dispatch(parameters), Tensor::from_dispatch(velocity));
    }
    by_operations(parameters, gradient, velocity, step)
}

/// The step by tensor operations.
pub(super) fn by_operations<const D: usize>(
    parameters: Tensor<D>,
    gradient: Tensor<D>,
    velocity: Tensor<D>,
    step: &SgdStep,
) -> (Tensor<D>, Tensor<D>) {
    let SgdFactors { rate, momentum, .. } = step.factors();
    let [gradient, parameters] = step.decay.apply(parameters, gradient, step.rate);
    let velocity = gradient + velocity * momentum;
    (parameters - velocity.clone() * rate, velocity)
}
