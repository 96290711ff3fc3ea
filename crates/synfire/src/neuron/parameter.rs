//! A parameter of a layer of neurons: fixed, or learnable and always in its range.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use synfire_dynamics::FieldInfo;

/// A parameter of a layer, `[1]`, `[C]` or `[N]` numbers.
///
/// A learnable parameter with a lower bound is kept as `ln(value - bound)`: whatever step the optimiser
/// takes, the value stays above the bound, and one learning rate suits small and large time constants.
/// For the time constant of PLIF, bound 1, this is the paper's `k = sigmoid(w)` with `w` negated.
#[derive(Module, Debug)]
pub struct Parameter {
    /// What the optimiser moves; see [`value`](Self::value) for what the model uses.
    pub raw: Param<Tensor<1>>,
    #[module(skip)]
    name: String,
    #[module(skip)]
    learn: bool,
    #[module(skip)]
    above: Option<f32>,
}

impl Parameter {
    /// `count` times the same `value`, which must lie in the range that `info` gives.
    #[must_use]
    pub fn new(info: &FieldInfo, value: f32, count: usize, learn: bool, device: &Device) -> Self {
        let above = info.above.filter(|_| learn);
        let raw = above.map_or(value, |bound| (value - bound).ln());
        let raw = Param::from_tensor(Tensor::full([count], raw, device)).set_require_grad(learn);
        Parameter { raw, name: info.name.to_string(), learn, above }
    }

    /// Its name in the model.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is learnable at all (it may still be frozen).
    #[must_use]
    pub fn learns(&self) -> bool {
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
        match self.above {
            Some(bound) => self.raw.val().exp() + bound,
            None => self.raw.val(),
        }
    }

    /// What [`raw`](Self::raw) is for a value in the model's unit.
    #[must_use]
    pub fn to_raw(&self, value: Tensor<1>) -> Tensor<1> {
        match self.above {
            Some(bound) => (value - bound).log(),
            None => value,
        }
    }
}
