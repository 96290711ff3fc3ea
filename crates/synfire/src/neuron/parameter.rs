//! A parameter of a layer of neurons: fixed, or learnable and always in its range.

use super::ParameterInfo;
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};

/// A parameter of a layer, or the initial value of one of its states: `[1]`, `[C]` or `[N]` values.
///
/// A learnable parameter with a lower bound is kept as `ln(value - bound)`: whatever step the optimiser
/// takes, the value stays above the bound, and one learning rate suits small and large time constants.
/// For the time constant of PLIF, bound 1, this is the paper's `k = sigmoid(w)` with `w` negated.
///
/// A range holds in any training loop: [`Module::map`](burn::module::Module::map), through which every
/// optimiser of Burn moves parameters, puts a value that has left the range back to its border. A clamp inside
/// the model would let the value behind it wander off, and take as many steps to come back; here it turns
/// round in the step in which its gradient does, and files hold what the model uses.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Values as the optimiser moves them; the model uses [`value`](Self::value).
    pub raw: Param<Tensor<1>>,
    name: String,
    info: ParameterInfo,
}

impl Parameter {
    /// A parameter with these values, all of them above the bound `above`.
    #[must_use]
    pub(crate) fn new(name: &str, values: Vec<f32>, learnable: bool, above: Option<f32>, device: &Device) -> Self {
        let info = ParameterInfo { above, range: None, learnable, unit: "" };
        let count = values.len();
        let raw: Vec<f32> = values.into_iter().map(|value| info.raw_of(value)).collect();
        let raw = Tensor::from_data(TensorData::new(raw, [count]), device);
        Parameter { raw: Param::from_tensor(raw).set_require_grad(learnable), name: name.to_string(), info }
    }

    /// The same, kept in a range that its values are in.
    #[must_use]
    pub(crate) fn within(mut self, range: Option<[f32; 2]>) -> Self {
        self.info.range = range;
        self
    }

    /// The same, with the unit of its values.
    #[must_use]
    pub(crate) fn in_unit(mut self, unit: &'static str) -> Self {
        self.info.unit = unit;
        self
    }

    /// Name in the model; that of a state's initial value is `initial.v`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bound, range and learnability.
    #[must_use]
    pub fn info(&self) -> ParameterInfo {
        self.info
    }

    /// Smallest and largest value that it may have, if it was given a range.
    #[must_use]
    pub fn range(&self) -> Option<[f32; 2]> {
        self.info.range
    }

    /// Whether it is learnable at all (it may still be frozen).
    #[must_use]
    pub fn is_learnable(&self) -> bool {
        self.info.learnable
    }

    /// Whether gradients are taken for it now: learnable, not frozen, and on a device with autodiff.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.raw.is_require_grad()
    }

    /// Values that the model uses, in its unit; differentiable.
    #[must_use]
    pub fn value(&self) -> Tensor<1> {
        self.info.value(self.raw.val())
    }

    /// As a scan takes it: the value, or [`raw`](Self::raw) and the bound that makes the value of it.
    pub(super) fn for_scan(&self) -> (Tensor<1>, Option<f32>) {
        match self.info.range {
            None => (self.raw.val(), self.info.raw_bound()),
            Some(_) => (self.value(), None),
        }
    }

    /// Values of [`raw`](Self::raw) for values in the unit of the model.
    #[must_use]
    pub fn to_raw(&self, value: Tensor<1>) -> Tensor<1> {
        self.info.raw(value)
    }

    /// The same parameter with other raw values.
    pub(super) fn with(self, change: impl FnOnce(Param<Tensor<1>>) -> Param<Tensor<1>>) -> Self {
        Parameter { raw: change(self.raw), ..self }
    }

    /// Puts values that have left their range back to its border.
    pub(super) fn project(self) -> Self {
        let Some([low, high]) = self.info.raw_range() else { return self };
        let raw = self.raw.map(|raw| {
            let active = raw.is_require_grad();
            // a detached leaf would still be one that learns, and what follows from it none
            raw.clamp(low, high).detach().set_require_grad(active)
        });
        Parameter { raw, ..self }
    }
}
