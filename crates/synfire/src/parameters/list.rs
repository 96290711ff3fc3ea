//! The parameters of a module, and which of them learn.

use super::NamedParameter;
use super::buffers::buffers;
use super::path::{Path, follow_path};
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;
use std::collections::BTreeMap;

/// Every parameter and buffer of a module, in the order of its fields. Integers and Booleans are left out.
///
/// ```
/// use burn::nn::{BatchNormConfig, LinearConfig};
/// use burn::tensor::Device;
/// use synfire::parameters::parameters;
///
/// let device = Device::default();
/// let module = (LinearConfig::new(3, 4).init(&device), BatchNormConfig::new(4).init(&device));
/// let learnable = parameters(&module).into_iter().map(|p| (p.name, p.learnable)).collect::<Vec<_>>();
/// assert_eq!(learnable[0], ("0.weight".to_string(), true));
/// assert_eq!(learnable[4], ("1.running_mean".to_string(), false));
/// ```
#[must_use]
pub fn parameters<M: Module>(module: &M) -> Vec<NamedParameter> {
    // all tensors are there after this: a copy with other gradients would change those that wait to be initialised
    let mut list = List::default();
    module.visit(&mut list);
    let buffers = buffers(module);
    for p in &mut list.found {
        p.learnable &= !buffers.contains(&p.id);
        p.active &= p.learnable;
    }
    list.found
}

/// Makes the parameters learn that can and for which `chosen` says so, and freezes the others.
#[must_use]
pub fn set_active<M: Module>(module: M, mut chosen: impl FnMut(&NamedParameter) -> bool) -> M {
    let chosen = |p: NamedParameter| {
        let active = p.learnable && chosen(&p);
        (p.name, active)
    };
    let active = parameters(&module).into_iter().map(chosen).collect();
    module.map(&mut SetActive { path: Path::default(), active })
}

#[derive(Default)]
struct List {
    path: Path,
    found: Vec<NamedParameter>,
}

impl ModuleVisitor for List {
    follow_path!();

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.found.push(NamedParameter::of(&self.path, param));
    }
}

struct SetActive {
    path: Path,
    active: BTreeMap<String, bool>,
}

impl ModuleMapper for SetActive {
    follow_path!();

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let active = self.active.get(&self.path.name()).copied().unwrap_or(false);
        param.set_require_grad(active)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neuron::PlifConfig;
    use crate::parameters::{ParameterKind, matches};
    use burn::nn::{BatchNormConfig, LinearConfig};
    use burn::tensor::Device;

    #[derive(Module, Debug)]
    enum Head {
        Linear(burn::nn::Linear),
    }

    #[derive(Module, Debug)]
    struct Net {
        norm: burn::nn::BatchNorm,
        spike: crate::neuron::Neurons,
        head: Head,
    }

    fn net(device: &Device) -> Net {
        Net {
            norm: BatchNormConfig::new(3).init(device),
            spike: PlifConfig::new().init(&[3], device),
            head: Head::Linear(LinearConfig::new(3, 2).init(device)),
        }
    }

    #[test]
    fn names_are_paths_and_buffers_and_fixed_parameters_cannot_learn() {
        for device in [Device::flex(), Device::flex().autodiff()] {
            let net = net(&device);
            let of = |learnable: bool| {
                let all = parameters(&net).into_iter().filter(|p| p.learnable == learnable);
                all.map(|p| p.name).collect::<Vec<_>>()
            };
            assert_eq!(of(true), ["norm.gamma", "norm.beta", "spike.tau_m", "head.weight", "head.bias"]);
            assert!(of(false).contains(&"norm.running_mean".to_string()));
            assert!(of(false).contains(&"spike.v_th".to_string()));
            let tau = parameters(&net).into_iter().find(|p| p.name == "spike.tau_m").unwrap();
            assert_eq!(tau.kind, ParameterKind::Neuron { time_constant: true });
        }
    }

    #[test]
    fn frozen_parameters_can_learn_again_and_buffers_cannot() {
        let active = |net: &Net| {
            let all = parameters(net).into_iter().filter(|p| p.active);
            all.map(|p| p.name).collect::<Vec<_>>()
        };
        for device in [Device::flex(), Device::flex().autodiff()] {
            let frozen = set_active(net(&device), |p| matches("spike.*", &p.name));
            assert_eq!(active(&frozen), ["spike.tau_m"]);
            assert_eq!(active(&frozen.valid()), ["spike.tau_m"], "also known of the copy for inference");
            let all = set_active(frozen, |_| true);
            assert_eq!(active(&all).len(), 5);
        }
    }
}
