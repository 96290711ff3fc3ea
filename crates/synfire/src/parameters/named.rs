//! A parameter as optimisers, patterns and files know it.

use super::path::Path;
use crate::neuron::ParameterInfo;
use burn::module::{Param, ParamId};
use burn::tensor::Tensor;

/// The role of a parameter for the optimiser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Has two axes or more, such as the weight of a connection.
    Weight,
    /// Has one axis, such as the bias of a connection.
    Bias,
    /// Parameter of neurons or of the decoder, or a delay. Weight decay never touches it.
    Neuron {
        /// Whether it is a time constant (`tau_*`).
        time_constant: bool,
    },
}

/// A parameter of a module, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedParameter {
    /// Path in the module: `layers.0.weight`, `layers.1.tau_m`, `layers.1.initial.v`, `decoder.tau_d`.
    pub name: String,
    /// Its role.
    pub kind: ParameterKind,
    /// Its shape in PyTorch's order of axes: the weight of a linear layer is `[outputs, inputs]`.
    pub shape: Vec<usize>,
    /// Number of values.
    pub count: usize,
    /// Lower bound that all values are above, in the model's unit, if it has one.
    pub above: Option<f32>,
    /// Smallest and largest value that it is kept between, in the model's unit, if it has a range.
    pub range: Option<[f32; 2]>,
    /// Unit of a parameter of neurons, empty if it has none.
    pub unit: &'static str,
    /// Whether it can learn. Fixed parameters of neurons and buffers, such as running means, cannot.
    pub learnable: bool,
    /// Whether it learns in training: it can, and is not frozen.
    pub active: bool,
    /// Its key in gradients and optimiser states.
    pub id: ParamId,
}

impl NamedParameter {
    /// Describes a parameter of this name that is no buffer.
    pub(super) fn of<const D: usize>(path: &Path, param: &Param<Tensor<D>>) -> Self {
        let (name, shape) = (path.name(), path.shape(param));
        let info = ParameterInfo::of(param);
        let last = name.rsplit('.').next().unwrap_or_default();
        let kind = match info {
            Some(_) => ParameterKind::Neuron { time_constant: last.starts_with("tau") },
            None if D > 1 => ParameterKind::Weight,
            None => ParameterKind::Bias,
        };
        NamedParameter {
            kind,
            count: shape.iter().product(),
            shape,
            above: info.and_then(|info| info.above),
            range: info.and_then(|info| info.range),
            unit: info.map_or("", |info| info.unit),
            learnable: info.is_none_or(|info| info.learnable),
            active: is_active(param),
            id: param.id,
            name,
        }
    }
}

/// Whether the parameter learns in training, also where the module is set to inference now.
pub(super) fn is_active<const D: usize>(param: &Param<Tensor<D>>) -> bool {
    use burn::module::Module;
    if param.val().is_autodiff() { param.is_require_grad() } else { param.clone().train().is_require_grad() }
}
