//! A parameter where it is, whatever its rank.

use super::parameters::{Kind, NamedParameter};
use crate::Error;
use crate::neuron::Parameter;
use burn::module::{Param, ParamId};
use burn::tensor::{Tensor, TensorData};

/// A parameter with its place in the network.
pub(super) enum Place<'a> {
    /// Weight or bias.
    Connection(&'a mut dyn Numbers),
    /// Of a module, and whether it can learn.
    Module(&'a mut dyn Numbers, bool),
    /// Of neurons, of the decoder, or a delay.
    Neuron(&'a mut Parameter),
}

/// A Burn parameter of any rank.
pub(super) trait Numbers {
    fn id(&self) -> ParamId;
    fn shape(&self) -> Vec<usize>;
    fn is_active(&self) -> bool;
    fn set_active(&mut self, active: bool);
    fn data(&self) -> TensorData;
    fn set(&mut self, id: Option<ParamId>, data: TensorData);
}

impl<const D: usize> Numbers for Param<Tensor<D>> {
    fn id(&self) -> ParamId {
        self.id
    }

    fn shape(&self) -> Vec<usize> {
        self.val().dims().to_vec()
    }

    fn is_active(&self) -> bool {
        self.is_require_grad()
    }

    fn set_active(&mut self, active: bool) {
        *self = self.clone().set_require_grad(active);
    }

    fn data(&self) -> TensorData {
        self.val().into_data()
    }

    fn set(&mut self, id: Option<ParamId>, data: TensorData) {
        let active = self.is_require_grad();
        let value = Tensor::from_data(data, &self.val().device());
        *self = Param::initialized(id.unwrap_or(self.id), value).set_require_grad(active);
    }
}

impl Place<'_> {
    fn numbers(&self) -> &dyn Numbers {
        match self {
            Place::Connection(numbers) | Place::Module(numbers, _) => &**numbers,
            Place::Neuron(parameter) => &parameter.raw,
        }
    }

    fn numbers_mut(&mut self) -> &mut dyn Numbers {
        match self {
            Place::Connection(numbers) | Place::Module(numbers, _) => &mut **numbers,
            Place::Neuron(parameter) => &mut parameter.raw,
        }
    }

    fn learns(&self) -> bool {
        match self {
            Place::Connection(_) => true,
            Place::Module(_, learns) => *learns,
            Place::Neuron(parameter) => parameter.is_learnable(),
        }
    }

    pub(super) fn info(&self, name: String) -> NamedParameter {
        let (numbers, learns) = (self.numbers(), self.learns());
        let shape = numbers.shape();
        let kind = match self {
            Place::Neuron(parameter) => Kind::Neuron { time_constant: parameter.name().starts_with("tau") },
            _ if shape.len() > 1 => Kind::Weight,
            _ => Kind::Bias,
        };
        let count = shape.iter().product();
        NamedParameter { name, kind, shape, count, learns, active: learns && numbers.is_active(), id: numbers.id() }
    }

    pub(super) fn set_active(mut self, active: bool) {
        let active = active && self.learns();
        self.numbers_mut().set_active(active);
    }

    /// The numbers as they are in memory.
    pub(super) fn raw(&self) -> TensorData {
        self.numbers().data()
    }

    pub(super) fn set_raw(mut self, id: Option<ParamId>, data: TensorData) {
        self.numbers_mut().set(id, data);
    }

    /// Replaces the numbers, in the model's unit.
    pub(super) fn set_value(self, name: &str, values: &[f32]) -> Result<(), Error> {
        let shape = self.numbers().shape();
        if shape.iter().product::<usize>() != values.len() {
            return Err(Error::config(name, format!("has shape {shape:?}; {} values were given", values.len())));
        }
        let data = TensorData::new(values.to_vec(), shape);
        let data = match &self {
            Place::Neuron(p) => p.to_raw(Tensor::from_data(data, &p.raw.val().device())).into_data(),
            _ => data,
        };
        self.set_raw(None, data);
        Ok(())
    }
}
