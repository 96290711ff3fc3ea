//! Adam and AdamW.

use super::{WeightDecay, in_one_pass};
use crate::backend::OptimizerBackend;
use burn::backend::Dispatch;
use burn::tensor::Tensor;

/// Settings of one step of Adam (Kingma & Ba 2015).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamStep {
    /// Learning rate.
    pub rate: f64,
    /// Decay rates of the two moments.
    pub betas: [f32; 2],
    /// Added to the root of the second moment.
    pub epsilon: f32,
    /// Pull towards zero; [`WeightDecay::Parameters`] makes it AdamW.
    pub decay: WeightDecay,
    /// Index of the step; 1 is the first.
    pub time: usize,
}

/// Factors of a step that are the same for all parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AdamFactors {
    pub(crate) rate: f32,
    pub(crate) betas: [f32; 2],
    /// Of the first moment, for the bias of both.
    pub(crate) correction: f32,
    pub(crate) epsilon: f32,
    /// Share of the parameters in the gradient.
    pub(crate) penalty: f32,
    /// Share of the parameters that stays.
    pub(crate) kept: f32,
}

impl AdamStep {
    pub(crate) fn factors(&self) -> AdamFactors {
        let time = i32::try_from(self.time).unwrap_or(i32::MAX);
        let root = (1.0 - self.betas[1].powi(time)).sqrt();
        let [penalty, kept] = self.decay.factors(self.rate);
        AdamFactors {
            rate: self.rate as f32,
            betas: self.betas,
            correction: root / (1.0 - self.betas[0].powi(time)),
            epsilon: self.epsilon * root,
            penalty,
            kept,
        }
    }
}

/// Takes a step of Adam: returns the parameters and the two moments after it.
///
/// ```text
/// m <- β₁ m + (1 - β₁) g        v <- β₂ v + (1 - β₂) g²
/// p <- p - rate · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
/// ```
///
/// All tensors have one shape; the moments before the first step are zero. On CPUs (flex and ndarray in `f32`) this is one
/// pass that reuses the memory of gradient and moments where nobody else holds them. Its result has the same bits for any
/// number of threads and any instruction set, and is that of the tensor operations to rounding.
///
/// # Panics
///
/// As Burn's operations, if the shapes differ.
#[must_use]
pub fn adam_step<const D: usize>(
    parameters: Tensor<D>,
    gradient: Tensor<D>,
    moments: [Tensor<D>; 2],
    step: &AdamStep,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    if in_one_pass([&parameters, &gradient, &moments[0], &moments[1]]) {
        let [parameters, gradient] = [parameters, gradient].map(Tensor::into_dispatch);
        let [first, second] = moments.map(Tensor::into_dispatch);
        let (parameters, first, second) = Dispatch::adam(parameters, gradient, first, second, step.factors());
        return (Tensor::from_dispatch(parameters), [first, second].map(Tensor::from_dispatch));
    }
    by_operations(parameters, gradient, moments, step)
}

/// The step by tensor operations.
pub(super) fn by_operations<const D: usize>(
    parameters: Tensor<D>,
    gradient: Tensor<D>,
    [first, second]: [Tensor<D>; 2],
    step: &AdamStep,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let AdamFactors { rate, betas, correction, epsilon, .. } = step.factors();
    let [gradient, parameters] = step.decay.apply(parameters, gradient, step.rate);
    let first = first * betas[0] + gradient.clone() * (1.0 - betas[0]);
    let second = second * betas[1] + gradient.square() * (1.0 - betas[1]);
    let change = first.clone() * correction / (second.clone().sqrt() + epsilon);
    (parameters - change * rate, [first, second])
}
