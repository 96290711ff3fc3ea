//! Facts about a parameter of neurons, for any visitor of a module.

use burn::module::{Param, ParamId};
use burn::tensor::Tensor;
use core::cell::Cell;

/// Bound, range and learnability of a parameter of neurons.
///
/// It says how the values that the model uses follow from the raw ones, which optimisers move and Burn's
/// visitors see.
///
/// ```
/// use burn::module::{Module, ModuleVisitor, Param};
/// use burn::tensor::{Device, Tensor};
/// use synfire::neuron::{ParameterInfo, PlifConfig};
///
/// /// Prints the values of all parameters of neurons in a module.
/// struct Print;
///
/// impl ModuleVisitor for Print {
///     fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
///         if let Some(info) = ParameterInfo::of(param) {
///             println!("{}, {info:?}", info.value(param.val()));
///         }
///     }
/// }
///
/// PlifConfig::new().init(&[10], &Device::default()).visit(&mut Print);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterInfo {
    /// Lower bound that all values are above. The raw ones of a learnable parameter are `ln(value - bound)`.
    pub above: Option<f32>,
    /// Smallest and largest value, in the unit of the model.
    pub range: Option<[f32; 2]>,
    /// Whether it is learnable (it may still be frozen).
    pub learnable: bool,
    /// Unit of the values, empty if they have none.
    pub unit: &'static str,
}

thread_local! {
    /// The parameter that a visitor or mapper is at.
    static CURRENT: Cell<Option<(ParamId, ParameterInfo)>> = const { Cell::new(None) };
}

/// A raw value of a one-sided parameter is kept so that `value - bound` and its square are numbers in single
/// precision: without gradient there is no way back from a time constant of 0 or infinity.
const FARTHEST: f32 = 1e18;

impl ParameterInfo {
    /// The facts about the parameter that a visitor or mapper has just been given, if it is one of neurons.
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

    /// The bound in `ln(value - bound)`; none where raw values are values.
    pub(super) fn raw_bound(&self) -> Option<f32> {
        self.above.filter(|_| self.learnable)
    }

    /// Values that the model uses, in its unit, of raw ones; differentiable.
    #[must_use]
    pub fn value<const D: usize>(&self, raw: Tensor<D>) -> Tensor<D> {
        match (self.raw_bound(), self.range) {
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

    /// Raw values of those that the model uses.
    #[must_use]
    pub fn raw<const D: usize>(&self, value: Tensor<D>) -> Tensor<D> {
        match self.raw_bound() {
            Some(bound) => (value - bound).log(),
            None => value,
        }
    }

    /// As [`raw`](Self::raw), for one value.
    pub(super) fn raw_of(&self, value: f32) -> f32 {
        self.raw_bound().map_or(value, |bound| (value - bound).ln())
    }

    /// Smallest and largest raw value of a learnable parameter: the ends of its range, or for a one-sided one
    /// the last that single precision can tell from the bound and from infinity.
    pub(super) fn raw_range(&self) -> Option<[f32; 2]> {
        match (self.range, self.above) {
            _ if !self.learnable => None,
            (Some(range), _) => Some(range.map(|end| self.raw_of(end))),
            (None, Some(bound)) => {
                let nearest = (bound.abs() * 2.0 * f32::EPSILON).max(FARTHEST.recip());
                Some([nearest.ln(), FARTHEST.ln()])
            }
            (None, None) => None,
        }
    }
}
