//! The parameters of a network by stable, readable names.

use super::Network;
use crate::Error;
use crate::parameters::{self, NamedParameter};
use burn::module::{Module, ModuleMapper, ModuleVisitor};
use burn::tensor::{Device, TensorData};

impl Network {
    /// Every parameter, learnable or not.
    #[must_use]
    pub fn parameters(&self) -> Vec<NamedParameter> {
        parameters::parameters(self)
    }

    /// Makes the parameters learn for which `chosen` says so, and freezes the others.
    #[must_use]
    pub fn with_active(self, chosen: impl FnMut(&NamedParameter) -> bool) -> Self {
        parameters::set_active(self, chosen)
    }

    /// The range that the parameter of this name is kept in, if it has one.
    #[must_use]
    pub fn range(&self, name: &str) -> Option<[f32; 2]> {
        self.parameters().into_iter().find(|p| p.name == name)?.range
    }

    /// Every parameter's values in the model's units: for people and other programs.
    ///
    /// Weights are `[inputs, outputs]`.
    #[must_use]
    pub fn values(&self) -> Vec<(NamedParameter, TensorData)> {
        parameters::values(self)
    }

    /// Replaces the values of a parameter, in the model's unit.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] if there is no parameter of this name; [`Error::Config`] if the count differs.
    pub fn with_value(self, name: &str, values: &[f32]) -> Result<Self, Error> {
        parameters::with_value(self, name, values)
    }
}

/// Where visitors and mappers of a network are: `layers.1.recurrent.weight`, `decoder.tau_d`.
macro_rules! at {
    ($walker:ident, $path:expr, $body:expr) => {{
        let path: &[&str] = &$path;
        path.iter().for_each(|name| $walker.enter_module(name, "Struct:Network"));
        let result = $body;
        path.iter().rev().for_each(|name| $walker.exit_module(name, "Struct:Network"));
        result
    }};
}

impl Module for Network {
    fn collect_devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.decoder.collect_devices(self.recurrent.collect_devices(self.layers.collect_devices(devices)))
    }

    fn fork(self, device: &Device) -> Self {
        let (layers, recurrent) = (self.layers.fork(device), self.recurrent.fork(device));
        Network { layers, recurrent, decoder: self.decoder.fork(device), ..self }
    }

    fn to_device(self, device: &Device) -> Self {
        let (layers, recurrent) = (self.layers.to_device(device), self.recurrent.to_device(device));
        Network { layers, recurrent, decoder: self.decoder.to_device(device), ..self }
    }

    fn train(self) -> Self {
        Network {
            layers: self.layers.train(),
            recurrent: self.recurrent.train(),
            decoder: self.decoder.train(),
            ..self
        }
    }

    fn valid(&self) -> Self {
        let (layers, recurrent) = (self.layers.valid(), self.recurrent.valid());
        Network { layers, recurrent, decoder: self.decoder.valid(), ..self.clone() }
    }

    fn materialize(self) -> Self {
        let (layers, recurrent) = (self.layers.materialize(), self.recurrent.materialize());
        Network { layers, recurrent, decoder: self.decoder.materialize(), ..self }
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        for (i, (layer, recurrent)) in self.layers.iter().zip(&self.recurrent).enumerate() {
            let i = i.to_string();
            at!(visitor, ["layers", &i], layer.visit(visitor));
            at!(visitor, ["layers", &i, "recurrent"], recurrent.visit(visitor));
        }
        for parameter in &self.decoder {
            at!(visitor, ["decoder", parameter.name()], parameter.visit(visitor));
        }
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        let (mut layers, mut recurrent) = (vec![], vec![]);
        for (i, (layer, with_itself)) in self.layers.into_iter().zip(self.recurrent).enumerate() {
            let i = i.to_string();
            layers.push(at!(mapper, ["layers", &i], layer.map(mapper)));
            recurrent.push(at!(mapper, ["layers", &i, "recurrent"], Module::map(with_itself, mapper)));
        }
        let mut decoder = vec![];
        for parameter in self.decoder {
            let name = parameter.name().to_string();
            decoder.push(at!(mapper, ["decoder", &name], parameter.map(mapper)));
        }
        Network { layers, recurrent, decoder, ..self }
    }
}
