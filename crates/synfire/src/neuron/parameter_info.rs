//! Facts about a parameter of neurons for any visitor of a module.

use burn::module::{Param, ParamId};
use burn::tensor::Tensor;
use core::cell::Cell;

/// How the values of a neuron parameter follow from what the optimiser moves, and whether it moves them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterInfo {
    /// Lower bound of the values, if what the optimiser moves is `ln(value - bound)`.
    pub above: Option<f32>,
    /// Smallest and largest value, in the model's unit.
    pub range: Option<[f32; 2]>,
    /// Whether it is learnable (it may still be frozen).
    pub learnable: bool,
}

thread_local! {
    /// The parameter that visitors and mappers are at.
    static CURRENT: Cell<Option<(ParamId, ParameterInfo)>> = const { Cell::new(None) };
}

impl ParameterInfo {
    /// The facts about the parameter that a visitor or mapper is given, if it is one of neurons.
    #[must_use]
    pub fn of<const D: usize>(param: &Param<Tensor<D>>) -> Option<Self> {
        CURRENT.get().filter(|(id, _)| *id == param.id).map(|(_, info)| info)
    }

    /// Runs a visit of the parameter during which [`of`](Self::of) finds these facts.
    pub(super) fn during<R>(self, id: ParamId, visit: impl FnOnce() -> R) -> R {
        let before = CURRENT.replace(Some((id, self)));
        let result = visit();
        CURRENT.set(before);
        result
    }

    /// The value that the model uses, in its unit; differentiable.
    #[must_use]
    pub fn value<const D: usize>(&self, raw: Tensor<D>) -> Tensor<D> {
        match (self.above, self.range) {
            (None, _) => raw,
            (Some(bound), None) => raw.exp() + bound,
            (Some(bound), Some([low, high])) => {
                // at the border the exponential may round to the outside; that takes no gradient away
                let value = raw.exp() + bound;
                let rounded = value.clone().detach();
                value + (rounded.clone().clamp(low, high) - rounded)
            }
        }
    }

    /// What the optimiser moves, for a value in the model's unit.
    #[must_use]
    pub fn raw<const D: usize>(&self, value: Tensor<D>) -> Tensor<D> {
        match self.above {
            Some(bound) => (value - bound).log(),
            None => value,
        }
    }
}
