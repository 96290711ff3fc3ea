//! Steps of optimisers: one pass over parameters, gradient and moments on CPUs, tensor operations elsewhere.

mod adam;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod pass;
mod sgd;
#[cfg(test)]
mod tests;

pub(crate) use adam::AdamFactors;
pub use adam::{AdamStep, adam_step};
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use pass::{adam_pass, sgd_pass};
pub(crate) use sgd::SgdFactors;
pub use sgd::{SgdStep, sgd_step};

use crate::backend::has_product;
use burn::tensor::Tensor;

/// Pull of the parameters towards zero in each step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WeightDecay {
    /// None.
    None,
    /// Adds this times the parameters to the gradient: the gradient of half of it times their squared norm.
    Gradient(f32),
    /// Multiplies the parameters by one minus the learning rate times this (Loshchilov & Hutter 2019).
    Parameters(f32),
}

impl WeightDecay {
    /// Factor of the parameters that is added to the gradient, and factor that they are multiplied by.
    fn factors(self, rate: f64) -> [f32; 2] {
        match self {
            WeightDecay::None => [0.0, 1.0],
            WeightDecay::Gradient(penalty) => [penalty, 1.0],
            WeightDecay::Parameters(decay) => [0.0, (1.0 - rate * f64::from(decay)) as f32],
        }
    }

    /// The gradient and the parameters that the step goes on with, by tensor operations.
    fn apply<const D: usize>(self, parameters: Tensor<D>, gradient: Tensor<D>, rate: f64) -> [Tensor<D>; 2] {
        let [penalty, kept] = self.factors(rate);
        match self {
            WeightDecay::None => [gradient, parameters],
            WeightDecay::Gradient(_) => [parameters.clone() * penalty + gradient, parameters],
            WeightDecay::Parameters(_) => [gradient, parameters * kept],
        }
    }
}

/// Whether the tensors are updated in one pass: without autodiff, on a CPU, in single precision.
fn in_one_pass<const D: usize, const N: usize>(tensors: [&Tensor<D>; N]) -> bool {
    let first = tensors[0];
    tensors.iter().all(|x| has_product(x) && !x.device().is_autodiff() && x.dims() == first.dims())
}
