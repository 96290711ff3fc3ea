//! Buffers: tensors of a module that are saved but never learn, such as running means.

use super::named::is_active;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::Tensor;

/// Keys of the buffers. A buffer stays inactive when it is told to learn; that tells it from a frozen parameter.
pub(crate) fn buffers<M: Module>(module: &M) -> Vec<ParamId> {
    let mut inactive = Inactive(vec![]);
    module.clone().map(&mut Activate).visit(&mut inactive);
    inactive.0
}

struct Activate;

impl ModuleMapper for Activate {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.set_require_grad(true)
    }
}

struct Inactive(Vec<ParamId>);

impl ModuleVisitor for Inactive {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !is_active(param) {
            self.0.push(param.id);
        }
    }
}
