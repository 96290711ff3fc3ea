//! The parameters of a module, one after the other.

use super::ModuleLayer;
use crate::network::place::Place;
use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::Tensor;

impl ModuleLayer {
    /// Gives every parameter and its name in the module to `f`.
    pub(in crate::network) fn each(&mut self, f: &mut dyn FnMut(&str, Place<'_>)) {
        // running means are brought up to date only when they are asked for the state of inference
        let _ = self.valid();
        let mut each = Each { path: vec![], learns: &self.learns, f };
        let mapped = self.clone().map(&mut each);
        self.module = mapped.module;
    }
}

struct Each<'a> {
    path: Vec<String>,
    learns: &'a [String],
    f: &'a mut dyn FnMut(&str, Place<'_>),
}

impl ModuleMapper for Each<'_> {
    fn map_float<const D: usize>(&mut self, mut param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.join(".");
        let learns = self.learns.contains(&name);
        (self.f)(&name, Place::Module(&mut param, learns));
        param
    }

    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }
}
