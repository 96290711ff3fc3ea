//! The learnable numbers of a network by stable, readable names.

use super::place::Place;
use super::{Layer, Linear, Network};
use crate::Error;
use burn::module::ParamId;
use burn::tensor::TensorData;

/// What a parameter is to the optimiser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Weight of a connection, or what else of a module has two axes or more.
    Weight,
    /// Bias of a connection, or what else of a module has one axis.
    Bias,
    /// Parameter of neurons, of the decoder, or a delay. Weight decay never touches it.
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
    /// Its shape.
    pub shape: Vec<usize>,
    /// Number of values.
    pub count: usize,
    /// Whether it can learn.
    pub learns: bool,
    /// Whether it learns now: it can, and is not frozen.
    pub active: bool,
    /// Its key in gradients and optimiser states.
    pub id: ParamId,
}

impl Network {
    /// Gives every parameter to `f`, one after the other.
    fn each(&mut self, f: &mut dyn FnMut(String, Place<'_>)) {
        for (i, layer) in self.layers.iter_mut().enumerate() {
            match layer {
                Layer::Linear(linear) => each_of_connections(&format!("layers.{i}"), linear, f),
                Layer::Neurons(neurons) => {
                    for parameter in neurons.parameters.iter_mut().chain(&mut neurons.initial) {
                        f(format!("layers.{i}.{}", parameter.name()), Place::Neuron(parameter));
                    }
                    if let Some(recurrent) = &mut self.recurrent[i] {
                        each_of_connections(&format!("layers.{i}.recurrent"), recurrent, f);
                    }
                }
                Layer::Module(module) => module.each(&mut |name, place| f(format!("layers.{i}.module.{name}"), place)),
            }
        }
        for parameter in &mut self.decoder {
            f(format!("decoder.{}", parameter.name()), Place::Neuron(parameter));
        }
    }

    /// Every parameter, learnable or not.
    #[must_use]
    pub fn parameters(&self) -> Vec<NamedParameter> {
        let mut all = Vec::new();
        self.clone().each(&mut |name, place| all.push(place.info(name)));
        all
    }

    /// Makes the parameters learn for which `chosen` says so, and freezes the others.
    #[must_use]
    pub fn with_active(mut self, mut chosen: impl FnMut(&NamedParameter) -> bool) -> Self {
        self.each(&mut |name, place| {
            let active = chosen(&place.info(name));
            place.set_active(active);
        });
        self
    }

    /// Moves every learning parameter of neurons that has left its range back to its border; to be called
    /// after each step of an optimiser.
    #[must_use]
    pub fn projected(mut self) -> Self {
        self.each(&mut |_, place| {
            if let Place::Neuron(parameter) = place {
                parameter.project();
            }
        });
        self
    }

    /// The range that the parameter of this name is kept in, if it has one.
    #[must_use]
    pub fn range(&self, name: &str) -> Option<[f32; 2]> {
        let (number, parameter) = name.strip_prefix("layers.")?.split_once('.')?;
        match self.layers.get(number.parse::<usize>().ok()?)? {
            Layer::Neurons(neurons) => neurons.parameter(parameter)?.range(),
            Layer::Linear(linear) => linear.delay.as_ref().filter(|_| parameter == "delay")?.range(),
            Layer::Module(_) => None,
        }
    }

    /// Every parameter's numbers as the optimiser moves them: exact, for checkpoints.
    #[must_use]
    pub fn raw_values(&self) -> Vec<(NamedParameter, TensorData)> {
        let mut all = Vec::new();
        self.clone().each(&mut |name, place| all.push((place.info(name), place.raw())));
        all
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
        let mut all = Vec::new();
        self.clone().each(&mut |name, place| all.push((place.info(name), value(&place))));
        all
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
        let mut result = Ok(());
        self.each(&mut |name, place| {
            if result.is_err() {
                return;
            }
            let info = place.info(name);
            match data(&info, &info.shape) {
                Ok((None, None)) => {}
                Ok((id, values)) => {
                    let values = values.unwrap_or_else(|| place.raw());
                    place.set_raw(id, values);
                }
                Err(error) => result = Err(error),
            }
        });
        result.map(|()| self)
    }

    /// Replaces the numbers of a parameter, in the model's units.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] if there is no parameter of this name; [`Error::Config`] if the count differs.
    pub fn with_value(mut self, name: &str, values: &[f32]) -> Result<Self, Error> {
        let mut result = Err(None);
        self.each(&mut |known, place| {
            if known == name {
                result = place.set_value(name, values).map_err(Some);
            }
        });
        let known = || self.parameters().into_iter().map(|p| p.name);
        match result {
            Ok(()) => Ok(self),
            Err(problem) => Err(problem.unwrap_or_else(|| Error::unknown("parameter", name, "the network", known()))),
        }
    }
}

fn each_of_connections(name: &str, linear: &mut Linear, f: &mut dyn FnMut(String, Place<'_>)) {
    f(format!("{name}.weight"), Place::Connection(&mut linear.weight));
    if let Some(bias) = &mut linear.bias {
        f(format!("{name}.bias"), Place::Connection(bias));
    }
    if let Some(delay) = &mut linear.delay {
        f(format!("{name}.delay"), Place::Neuron(delay));
    }
}
