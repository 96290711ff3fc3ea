//! New values for a module's parameters.

use super::path::{Path, follow_path};
use super::{NamedParameter, parameters};
use crate::Error;
use crate::neuron::ParameterInfo;
use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::tensor::{Tensor, TensorData};
use std::collections::BTreeMap;

/// A new key and new values of a parameter; `None` keeps what there is.
#[derive(Clone, Debug, Default)]
pub struct Replacement {
    /// Key in gradients and optimiser states.
    pub id: Option<ParamId>,
    /// New values, of the parameter's shape, axes in PyTorch's order.
    pub values: Option<NewValues>,
}

/// New values of a parameter.
#[derive(Clone, Debug)]
pub enum NewValues {
    /// In the model's unit.
    InUnits(TensorData),
    /// As the optimiser moves them.
    Raw(TensorData),
}

impl NewValues {
    fn data(&self) -> &TensorData {
        let (NewValues::InUnits(data) | NewValues::Raw(data)) = self;
        data
    }
}

/// Replaces keys and values of all parameters in one pass; `replacement` is given each of them.
///
/// # Errors
///
/// The first that `replacement` returns; nothing is changed then.
///
/// # Panics
///
/// If values are not of the parameter's shape.
pub fn with_replacements<M: Module>(
    module: M,
    mut replacement: impl FnMut(&NamedParameter) -> Result<Replacement, Error>,
) -> Result<M, Error> {
    let new = |p: NamedParameter| {
        let replacement = replacement(&p)?;
        if let Some(values) = &replacement.values {
            assert_eq!(values.data().shape().to_vec(), p.shape, "`{}` was given values of another shape", p.name);
        }
        Ok((p.name, replacement))
    };
    let new = parameters(&module).into_iter().map(new).collect::<Result<_, Error>>()?;
    Ok(replaced(module, new))
}

/// Replaces the values of one parameter, in the model's unit, axes in PyTorch's order.
///
/// # Errors
///
/// [`Error::Unknown`] if there is no parameter of this name; [`Error::Config`] if the count differs.
pub fn with_value<M: Module>(module: M, name: &str, values: &[f32]) -> Result<M, Error> {
    let all = parameters(&module);
    let Some(p) = all.iter().find(|p| p.name == name) else {
        let known = all.into_iter().map(|p| p.name);
        return Err(Error::unknown("parameter", name, "the module", known));
    };
    if p.count != values.len() {
        return Err(Error::config(name, format!("has shape {:?}; {} values were given", p.shape, values.len())));
    }
    let data = TensorData::new(values.to_vec(), p.shape.clone());
    let replacement = Replacement { id: None, values: Some(NewValues::InUnits(data)) };
    Ok(replaced(module, BTreeMap::from([(name.to_string(), replacement)])))
}

fn replaced<M: Module>(module: M, new: BTreeMap<String, Replacement>) -> M {
    // what running means have yet to take in would overwrite them later
    let _ = module.valid();
    module.map(&mut Replace { path: Path::default(), new })
}

struct Replace {
    path: Path,
    new: BTreeMap<String, Replacement>,
}

impl ModuleMapper for Replace {
    follow_path!();

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(Replacement { id, values }) = self.new.remove(&self.path.name()) else { return param };
        let info = ParameterInfo::of(&param);
        let (old_id, old, mapper) = param.consume();
        let tensor = |data| {
            let (device, dtype) = (old.device(), old.dtype());
            let values: Tensor<D> = self.path.reordered(Tensor::from_data(data, (&device, dtype)));
            // written in their own order: a view would be copied wherever it is used
            Tensor::<D>::from_data(values.into_data(), (&device, dtype))
        };
        let raw = match (values, info) {
            (Some(NewValues::InUnits(data)), Some(info)) => Some(info.raw(tensor(data))),
            (Some(NewValues::InUnits(data) | NewValues::Raw(data)), _) => Some(tensor(data)),
            (None, _) => None,
        };
        let value = match raw.map(Tensor::detach) {
            Some(raw) if old.is_require_grad() => raw.require_grad(),
            Some(raw) => raw,
            None => old,
        };
        Param::from_mapped_value(id.unwrap_or(old_id), value, mapper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::EventLinearConfig;
    use crate::neuron::PlifConfig;
    use crate::parameters::{raw_values, values};
    use burn::nn::{BatchNormConfig, LinearConfig};
    use burn::tensor::Device;

    fn of(all: Vec<(NamedParameter, TensorData)>, name: &str) -> Vec<f32> {
        let (_, data) = all.into_iter().find(|(p, _)| p.name == name).unwrap();
        data.try_into_vec().unwrap()
    }

    #[test]
    fn values_are_in_units_and_raw_ones_exact() {
        let neurons = PlifConfig::new().init(&[3], &Device::flex().autodiff());
        let neurons = with_value(neurons, "tau_m", &[5.0]).unwrap();
        assert_eq!(of(values(&neurons), "tau_m"), [5.0]);
        assert_eq!(of(raw_values(&neurons), "tau_m"), [4.0_f32.ln()]);
        assert!(parameters(&neurons).iter().any(|p| p.name == "tau_m" && p.active), "it learns on");
        let count = with_value(neurons.clone(), "tau_m", &[1.0, 2.0]).unwrap_err().to_string();
        assert!(count.contains("has shape [1]; 2 values were given"), "{count}");
        let name = with_value(neurons, "tau", &[1.0]).unwrap_err().to_string();
        assert!(name.contains("did you mean `tau_m`?"), "{name}");
    }

    #[test]
    fn weights_of_linear_layers_are_in_pytorchs_order() {
        let device = Device::flex().autodiff();
        let layers = (LinearConfig::new(3, 2).init(&device), EventLinearConfig::new(3, 2).init(&device));
        let given = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        for name in ["0.weight", "1.weight"] {
            let layers = with_value(layers.clone(), name, &given).unwrap();
            let weight = parameters(&layers).into_iter().find(|p| p.name == name).unwrap();
            assert_eq!(weight.shape, [2, 3], "{name}");
            assert_eq!(of(values(&layers), name), given);
            assert_eq!(of(raw_values(&layers), name), given);
            let raw = |p: &NamedParameter| {
                let raw = (p.name == name).then(|| NewValues::Raw(TensorData::new(given.to_vec(), [2, 3])));
                Ok(Replacement { id: None, values: raw })
            };
            let (burn, ours) = with_replacements(layers.clone(), raw).unwrap();
            let kept = if name == "0.weight" { burn.weight } else { ours.weight };
            assert_eq!(kept.val().into_data().try_into_vec::<f32>().unwrap(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        }
    }

    #[test]
    fn replaced_running_means_stay() {
        let device = Device::flex().autodiff();
        let norm = BatchNormConfig::new(1).init(&device);
        // an update that has not been taken in yet
        let _ = norm.forward(Tensor::<2>::from_data([[4.0], [6.0]], &device));
        let norm = with_value(norm, "running_mean", &[7.0]).unwrap();
        assert_eq!(of(raw_values(&norm), "running_mean"), [7.0]);
        assert_eq!(of(raw_values(&norm.valid()), "running_mean"), [7.0]);
    }
}
