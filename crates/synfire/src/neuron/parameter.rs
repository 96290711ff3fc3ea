//! A parameter of a layer of neurons: fixed, or learnable and always in its range.

use super::ParameterInfo;
use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};

/// A parameter of a layer, or what one of its states starts from: `[1]`, `[C]` or `[N]` numbers.
///
/// A learnable parameter with a lower bound is kept as `ln(value - bound)`: whatever step the optimiser
/// takes, the value stays above the bound, and one learning rate suits small and large time constants.
/// For the time constant of PLIF, bound 1, this is the paper's `k = sigmoid(w)` with `w` negated.
///
/// A range is kept by projection whenever the parameter is mapped, as every optimiser does in its step. A clamp inside the
/// model would let the number behind it wander off, and take as many steps to come back; projected, it
/// turns around at the border in the step in which its gradient does, and files hold what the model uses.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What the optimiser moves; see [`value`](Self::value) for what the model uses.
    pub raw: Param<Tensor<1>>,
    name: String,
    learn: bool,
    above: Option<f32>,
    range: Option<[f32; 2]>,
}

impl Parameter {
    /// A parameter with these values, all of them above the bound `above`.
    #[must_use]
    pub(crate) fn new(name: &str, values: Vec<f32>, learn: bool, above: Option<f32>, device: &Device) -> Self {
        let above = above.filter(|_| learn);
        let count = values.len();
        let raw: Vec<f32> = values.into_iter().map(|value| raw_of(above, value)).collect();
        let raw = TensorData::new(raw, [count]);
        let raw = Param::from_tensor(Tensor::from_data(raw, device)).set_require_grad(learn);
        Parameter { raw, name: name.to_string(), learn, above, range: None }
    }

    /// The same, kept in a range that its values are in.
    #[must_use]
    pub(crate) fn within(self, range: Option<[f32; 2]>) -> Self {
        Parameter { range, ..self }
    }

    /// Its name in the model; that of a state's initial value is `initial.v`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Smallest and largest value that it may have, if it was given a range.
    #[must_use]
    pub fn range(&self) -> Option<[f32; 2]> {
        self.range
    }

    /// Whether it is learnable at all (it may still be frozen).
    #[must_use]
    pub fn is_learnable(&self) -> bool {
        self.learn
    }

    /// Whether gradients are taken for it now: learnable and not frozen.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.raw.is_require_grad()
    }

    /// The value that the model uses, in the model's unit; differentiable.
    #[must_use]
    pub fn value(&self) -> Tensor<1> {
        self.info().value(self.raw.val())
    }

    pub(super) fn info(&self) -> ParameterInfo {
        ParameterInfo { above: self.above, range: self.range, learnable: self.learn }
    }

    /// As a scan takes it: the value, or [`raw`](Self::raw) and the bound that makes the value of it.
    pub(super) fn for_scan(&self) -> (Tensor<1>, Option<f32>) {
        match self.range {
            None => (self.raw.val(), self.above),
            Some(_) => (self.value(), None),
        }
    }

    /// What [`raw`](Self::raw) is for a value in the model's unit.
    #[must_use]
    pub fn to_raw(&self, value: Tensor<1>) -> Tensor<1> {
        self.info().raw(value)
    }

    /// Moves values that have left the range to its border.
    pub(super) fn project(&mut self) {
        let Some(range) = self.range.filter(|_| self.is_active()) else { return };
        let [low, high] = range.map(|end| raw_of(self.above, end));
        let inside = self.raw.val().clamp(low, high).detach();
        self.raw = Param::initialized(self.raw.id, inside).set_require_grad(true);
    }
}

fn raw_of(above: Option<f32>, value: f32) -> f32 {
    above.map_or(value, |bound| (value - bound).ln())
}
