//! The learnable numbers of a network by stable, readable names.

use super::{Layer, Linear, Network};
use crate::Error;
use crate::neuron::Parameter;
use burn::module::{Param, ParamId};
use burn::tensor::{Tensor, TensorData};

/// What a parameter is to the optimiser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Weight of a connection.
    Weight,
    /// Bias of a connection.
    Bias,
    /// Parameter of neurons. Weight decay never touches it.
    Neuron {
        /// Whether it is a time constant (`tau_*`).
        time_constant: bool,
    },
}

/// A parameter of a network, as optimisers, patterns and files know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedParameter {
    /// `layers.0.weight`, `layers.1.tau_m`, `layers.1.initial.v`, `decoder.tau_d`.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Number of values.
    pub count: usize,
    /// Whether it can learn.
    pub learns: bool,
    /// Whether it learns now: it can, and is not frozen.
    pub active: bool,
    /// Its key in gradients and optimiser states.
    pub id: ParamId,
}

/// A parameter with its place in the module.
enum Place<'a> {
    Weight(&'a mut Param<Tensor<2>>),
    Bias(&'a mut Param<Tensor<1>>),
    Neuron(&'a mut Parameter),
}

impl Place<'_> {
    fn info(&self, name: String) -> NamedParameter {
        let (kind, count, learns, active, id) = match self {
            Place::Weight(p) => (Kind::Weight, p.val().shape().num_elements(), true, p.is_require_grad(), p.id),
            Place::Bias(p) => (Kind::Bias, p.val().dims()[0], true, p.is_require_grad(), p.id),
            Place::Neuron(p) => {
                let kind = Kind::Neuron { time_constant: p.name().starts_with("tau") };
                (kind, p.raw.val().dims()[0], p.learns(), p.is_active(), p.raw.id)
            }
        };
        NamedParameter { name, kind, count, learns, active, id }
    }

    fn set_active(self, active: bool) {
        match self {
            Place::Weight(p) => *p = p.clone().set_require_grad(active),
            Place::Bias(p) => *p = p.clone().set_require_grad(active),
            Place::Neuron(p) => p.raw = p.raw.clone().set_require_grad(active && p.learns()),
        }
    }

    /// The numbers as they are in memory.
    fn raw(&self) -> TensorData {
        match self {
            Place::Weight(p) => p.val().into_data(),
            Place::Bias(p) => p.val().into_data(),
            Place::Neuron(p) => p.raw.val().into_data(),
        }
    }

    fn set_raw(self, id: Option<ParamId>, data: TensorData) {
        fn set<const D: usize>(param: &mut Param<Tensor<D>>, id: Option<ParamId>, data: TensorData) {
            let active = param.is_require_grad();
            let value = Tensor::from_data(data, &param.val().device());
            *param = Param::initialized(id.unwrap_or(param.id), value).set_require_grad(active);
        }
        match self {
            Place::Weight(p) => set(p, id, data),
            Place::Bias(p) => set(p, id, data),
            Place::Neuron(p) => set(&mut p.raw, id, data),
        }
    }
}

/// The parameters of connections, which are called `name`.
fn connections<'a>(places: &mut Vec<(String, Place<'a>)>, name: &str, linear: &'a mut Linear) {
    places.push((format!("{name}.weight"), Place::Weight(&mut linear.weight)));
    if let Some(bias) = &mut linear.bias {
        places.push((format!("{name}.bias"), Place::Bias(bias)));
    }
    if let Some(delay) = &mut linear.delay {
        places.push((format!("{name}.delay"), Place::Neuron(delay)));
    }
}

impl Network {
    fn places(&mut self) -> Vec<(String, Place<'_>)> {
        let mut places = Vec::new();
        for (i, layer) in self.layers.iter_mut().enumerate() {
            match layer {
                Layer::Linear(linear) => connections(&mut places, &format!("layers.{i}"), linear),
                Layer::Neurons(neurons) => {
                    for parameter in neurons.parameters.iter_mut().chain(&mut neurons.initial) {
                        places.push((format!("layers.{i}.{}", parameter.name()), Place::Neuron(parameter)));
                    }
                }
            }
        }
        for (i, linear) in self.recurrent.iter_mut().enumerate() {
            if let Some(linear) = linear {
                connections(&mut places, &format!("layers.{i}.recurrent"), linear);
            }
        }
        for parameter in &mut self.decoder {
            places.push((format!("decoder.{}", parameter.name()), Place::Neuron(parameter)));
        }
        places
    }

    /// Every parameter, learnable or not.
    #[must_use]
    pub fn parameters(&self) -> Vec<NamedParameter> {
        self.clone().places().into_iter().map(|(name, place)| place.info(name)).collect()
    }

    /// Makes the parameters learn for which `chosen` says so, and freezes the others.
    #[must_use]
    pub fn with_active(mut self, mut chosen: impl FnMut(&NamedParameter) -> bool) -> Self {
        for (name, place) in self.places() {
            let active = chosen(&place.info(name));
            place.set_active(active);
        }
        self
    }

    /// Moves every learning parameter of neurons that has left its range back to its border; to be called
    /// after each step of an optimiser.
    #[must_use]
    pub fn projected(mut self) -> Self {
        for (_, place) in self.places() {
            if let Place::Neuron(parameter) = place {
                parameter.project();
            }
        }
        self
    }

    /// The range that the parameter of this name is kept in, if it has one.
    #[must_use]
    pub fn range(&self, name: &str) -> Option<[f32; 2]> {
        let (number, parameter) = name.strip_prefix("layers.")?.split_once('.')?;
        match self.layers.get(number.parse::<usize>().ok()?)? {
            Layer::Neurons(neurons) => neurons.parameter(parameter)?.range(),
            Layer::Linear(linear) => linear.delay.as_ref().filter(|_| parameter == "delay")?.range(),
        }
    }

    /// Every parameter's numbers as the optimiser moves them: exact, for checkpoints.
    #[must_use]
    pub fn raw_values(&self) -> Vec<(NamedParameter, TensorData)> {
        self.clone().places().into_iter().map(|(name, place)| (place.info(name), place.raw())).collect()
    }

    /// Every parameter's numbers as the model uses them, in its units: for people and other programs.
    ///
    /// Weights are `[inputs, outputs]`.
    #[must_use]
    pub fn values(&self) -> Vec<(NamedParameter, TensorData)> {
        let value = |place: &Place<'_>| match place {
            Place::Neuron(p) => p.value().into_data(),
            other => other.raw(),
        };
        self.clone().places().into_iter().map(|(name, place)| (place.info(name), value(&place))).collect()
    }

    /// Replaces keys and numbers by name. `data` is given each parameter and its shape, and returns the
    /// key it had and what [`raw_values`](Self::raw_values) gave; `None` leaves what there is.
    ///
    /// # Errors
    ///
    /// What `data` returns; nothing is changed then.
    pub fn with_raw_values(
        mut self,
        mut data: impl FnMut(&NamedParameter, &[usize]) -> Result<(Option<ParamId>, Option<TensorData>), Error>,
    ) -> Result<Self, Error> {
        for (name, place) in self.places() {
            let shape = place.raw().shape().to_vec();
            let (id, values) = data(&place.info(name), &shape)?;
            let values = values.unwrap_or_else(|| place.raw());
            place.set_raw(id, values);
        }
        Ok(self)
    }

    /// Replaces the numbers of a parameter, in the model's units.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] if there is no parameter of this name; [`Error::Config`] if the count differs.
    pub fn with_value(mut self, name: &str, values: &[f32]) -> Result<Self, Error> {
        let mut places = self.places();
        let Some(at) = places.iter().position(|(known, _)| known == name) else {
            let known = places.into_iter().map(|(name, _)| name);
            return Err(Error::unknown("parameter", name, "the network", known));
        };
        let (_, place) = places.swap_remove(at);
        let shape = place.raw().shape().to_vec();
        if shape.iter().product::<usize>() != values.len() {
            return Err(Error::config(name, format!("has shape {shape:?}; {} values were given", values.len())));
        }
        let data = TensorData::new(values.to_vec(), shape);
        let data = match &place {
            Place::Neuron(p) => p.to_raw(Tensor::from_data(data, &p.raw.val().device())).into_data(),
            _ => data,
        };
        place.set_raw(None, data);
        Ok(self)
    }
}
