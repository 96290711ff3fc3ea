//! Neurons and their parameters as Burn modules: a parameter's path ends with its name in the model.

use super::{Neurons, Parameter};
use burn::module::{Content, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use core::fmt;

type Raw = Param<Tensor<1>>;

impl Parameter {
    fn with(mut self, change: impl FnOnce(Raw) -> Raw) -> Self {
        self.raw = change(self.raw.clone());
        self
    }
}

impl Module for Parameter {
    fn collect_devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.raw.collect_devices(devices)
    }

    fn fork(self, device: &Device) -> Self {
        self.with(|raw| raw.fork(device))
    }

    fn to_device(self, device: &Device) -> Self {
        self.with(|raw| raw.to_device(device))
    }

    fn train(self) -> Self {
        self.with(Module::train)
    }

    fn valid(&self) -> Self {
        self.clone().with(|raw| raw.valid())
    }

    fn materialize(self) -> Self {
        self.with(Module::materialize)
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        self.info().during(self.raw.id, || self.raw.visit(visitor));
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        let (info, id) = (self.info(), self.raw.id);
        let mut mapped = self.with(|raw| info.during(id, || Module::map(raw, mapper)));
        mapped.project();
        mapped
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl ModuleDisplayDefault for Parameter {
    fn content(&self, content: Content) -> Option<Content> {
        content.add("raw", &self.raw).optional()
    }
}

impl ModuleDisplay for Parameter {}

impl Neurons {
    fn each(mut self, mut change: impl FnMut(Parameter) -> Parameter) -> Self {
        for parameter in self.parameters.iter_mut().chain(&mut self.initial) {
            *parameter = change(parameter.clone());
        }
        self
    }
}

impl Module for Neurons {
    fn collect_devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.all_parameters().fold(devices, |devices, parameter| parameter.collect_devices(devices))
    }

    fn fork(self, device: &Device) -> Self {
        self.each(|parameter| parameter.fork(device))
    }

    fn to_device(self, device: &Device) -> Self {
        self.each(|parameter| parameter.to_device(device))
    }

    fn train(self) -> Self {
        self.each(Module::train)
    }

    fn valid(&self) -> Self {
        self.clone().each(|parameter| parameter.valid())
    }

    fn materialize(self) -> Self {
        self.each(Module::materialize)
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        for parameter in self.all_parameters() {
            let path: Vec<&str> = parameter.name().split('.').collect();
            path.iter().for_each(|name| visitor.enter_module(name, "Struct:Neurons"));
            parameter.visit(visitor);
            path.iter().rev().for_each(|name| visitor.exit_module(name, "Struct:Neurons"));
        }
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        self.each(|parameter| {
            let name = parameter.name().to_string();
            let path: Vec<&str> = name.split('.').collect();
            path.iter().for_each(|name| mapper.enter_module(name, "Struct:Neurons"));
            let parameter = parameter.map(mapper);
            path.iter().rev().for_each(|name| mapper.exit_module(name, "Struct:Neurons"));
            parameter
        })
    }
}

impl fmt::Display for Neurons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} neurons of shape {:?}", self.info().name, self.shape())
    }
}

impl ModuleDisplayDefault for Neurons {
    fn content(&self, content: Content) -> Option<Content> {
        let add = |content: Content, parameter: &Parameter| content.add(parameter.name(), &parameter.raw);
        self.all_parameters().fold(content, add).optional()
    }

    fn num_params(&self) -> usize {
        Module::num_params(self)
    }
}
