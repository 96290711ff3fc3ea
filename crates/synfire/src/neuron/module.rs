//! Neurons and their parameters as Burn modules. The path of a parameter is its name in the model.

use super::{Neurons, Parameter};
use burn::module::{
    Content, DisplaySettings, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor,
};
use burn::tensor::Device;
use core::fmt;

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
        self.with(|raw| info.during(id, || Module::map(raw, mapper))).project()
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ModuleDisplay::format(self, DisplaySettings::default()))
    }
}

impl ModuleDisplayDefault for Parameter {
    fn content(&self, content: Content) -> Option<Content> {
        content.add(self.name(), &self.raw).optional()
    }

    fn num_params(&self) -> usize {
        Module::num_params(self)
    }
}

impl ModuleDisplay for Parameter {}

impl Neurons {
    fn each(mut self, mut change: impl FnMut(Parameter) -> Parameter) -> Self {
        for parameters in [&mut self.parameters, &mut self.initial] {
            *parameters = core::mem::take(parameters).into_iter().map(&mut change).collect();
        }
        self
    }
}

const CONTAINER: &str = "Struct:Neurons";

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
            let path = || parameter.name().split('.');
            path().for_each(|part| visitor.enter_module(part, CONTAINER));
            parameter.visit(visitor);
            path().rev().for_each(|part| visitor.exit_module(part, CONTAINER));
        }
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        self.each(|parameter| {
            let name = parameter.name().to_string();
            let path = || name.split('.');
            path().for_each(|part| mapper.enter_module(part, CONTAINER));
            let parameter = parameter.map(mapper);
            path().rev().for_each(|part| mapper.exit_module(part, CONTAINER));
            parameter
        })
    }
}

impl fmt::Display for Neurons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ModuleDisplay::format(self, DisplaySettings::default()))
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
