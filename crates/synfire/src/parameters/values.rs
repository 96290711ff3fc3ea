//! Values of a module's parameters.

use super::path::{Path, follow_path};
use super::{NamedParameter, parameters};
use crate::neuron::ParameterInfo;
use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

/// Every parameter's values as the optimiser moves them, in single precision: exact, for checkpoints. Axes are in
/// PyTorch's order.
#[must_use]
pub fn raw_values<M: Module>(module: &M) -> Vec<(NamedParameter, TensorData)> {
    collect(module, false)
}

/// Every parameter's values in the model's units, in single precision: for people and other programs. Axes are in
/// PyTorch's order.
#[must_use]
pub fn values<M: Module>(module: &M) -> Vec<(NamedParameter, TensorData)> {
    collect(module, true)
}

fn collect<M: Module>(module: &M, in_units: bool) -> Vec<(NamedParameter, TensorData)> {
    let mut values = Values { path: Path::default(), in_units, found: vec![] };
    // running means are brought up to date when they are asked for the state of inference
    module.valid().visit(&mut values);
    let named = parameters(module);
    debug_assert!(named.iter().zip(&values.found).all(|(p, (name, _))| p.name == *name));
    named.into_iter().zip(values.found).map(|(p, (_, data))| (p, data)).collect()
}

struct Values {
    path: Path,
    in_units: bool,
    found: Vec<(String, TensorData)>,
}

impl ModuleVisitor for Values {
    follow_path!();

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let raw = param.val();
        let value = match ParameterInfo::of(param).filter(|_| self.in_units) {
            Some(info) => info.value(raw),
            None => raw,
        };
        let value = self.path.reordered(value);
        self.found.push((self.path.name(), value.into_data().convert::<f32>()));
    }
}
