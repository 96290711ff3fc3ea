//! Learned parameters of a decoder, with their names as paths.

use crate::neuron::Parameter;
use burn::module::{Content, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor};
use burn::tensor::{Device, Tensor};

/// Learned parameters of a decoder; the path of each ends with its name, `decoder.tau_d`.
#[derive(Clone, Debug)]
pub(super) struct DecoderParameters(pub(super) Vec<Parameter>);

impl DecoderParameters {
    /// Values in the decoder's units.
    pub(super) fn values(&self) -> Vec<Tensor<1>> {
        self.0.iter().map(Parameter::value).collect()
    }

    fn each(self, change: impl FnMut(Parameter) -> Parameter) -> Self {
        DecoderParameters(self.0.into_iter().map(change).collect())
    }
}

const CONTAINER: &str = "Struct:DecoderParameters";

impl Module for DecoderParameters {
    fn collect_devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.0.collect_devices(devices)
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
        for parameter in &self.0 {
            visitor.enter_module(parameter.name(), CONTAINER);
            parameter.visit(visitor);
            visitor.exit_module(parameter.name(), CONTAINER);
        }
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        self.each(|parameter| {
            let name = parameter.name().to_string();
            mapper.enter_module(&name, CONTAINER);
            let parameter = parameter.map(mapper);
            mapper.exit_module(&name, CONTAINER);
            parameter
        })
    }
}

impl ModuleDisplayDefault for DecoderParameters {
    fn content(&self, content: Content) -> Option<Content> {
        self.0.iter().fold(content, |content, parameter| content.add(parameter.name(), &parameter.raw)).optional()
    }
}

impl ModuleDisplay for DecoderParameters {}
