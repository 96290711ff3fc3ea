//! How a layer of neurons is described before it exists.

use super::values::{self, Field};
use super::{Neuron, Neurons, Parameter, ParameterConfig, model};
use crate::Error;
use burn::tensor::Device;
use std::collections::BTreeMap;
use synfire_dynamics::Fields;

/// Configuration of a layer of neurons of model `D`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::neuron::{LifConfig, ParameterConfig, Reset};
///
/// let mut config = LifConfig::new();
/// config.model.reset = Reset::Soft;
/// config.parameters.tau_m = ParameterConfig::learnable(20.0).per_neuron();
/// config.parameters.v_th = ParameterConfig::learnable(1.0).within(0.5, 2.0);
/// config.initial.v = ParameterConfig::learnable(0.1);
///
/// let device = Device::default();
/// let neurons = config.init(&[10], &device)?;
/// let current = Tensor::<3>::ones([25, 4, 10], &device); // [T, B, N]
/// assert_eq!(neurons.forward(current).dims(), [25, 4, 10]);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct NeuronConfig<D: Neuron> {
    /// Settings of the model: surrogate, reset.
    pub model: D,
    /// Its parameters.
    pub parameters: D::Params<ParameterConfig>,
    /// What its states start from; nothing said of a state, it starts at rest.
    pub initial: D::State<ParameterConfig>,
    /// Values per neuron or channel by name, see [`with_values`](Self::with_values).
    pub lists: BTreeMap<String, Vec<f32>>,
    /// Time step in ms.
    pub dt: f32,
}

impl<D: Neuron> Default for NeuronConfig<D> {
    fn default() -> Self {
        Self::new()
    }
}

impl<D: Neuron> NeuronConfig<D> {
    /// The model's defaults, with a time step of 1 ms.
    #[must_use]
    pub fn new() -> Self {
        NeuronConfig {
            model: D::default(),
            parameters: Fields::from_fn(|_| ParameterConfig::default()),
            initial: Fields::from_fn(|_| ParameterConfig::default()),
            lists: BTreeMap::new(),
            dt: 1.0,
        }
    }

    /// Gives each neuron (or channel, where the parameter is [`per_channel`](ParameterConfig::per_channel))
    /// a value of its own. `name` is the parameter's, or `initial.v` for what a state starts from.
    ///
    /// ```
    /// # use burn::tensor::Device;
    /// # use synfire::neuron::LifConfig;
    /// let config = LifConfig::new().with_values("tau_m", [3.0, 6.0, 12.0]);
    /// assert!(config.init(&[3], &Device::default()).is_ok());
    /// let error = config.init(&[4], &Device::default()).unwrap_err().to_string();
    /// assert_eq!(error, "parameter `tau_m` of `lif` has 3 values; expected 4, one for each of the layer's 4 neurons");
    /// ```
    #[must_use]
    pub fn with_values(mut self, name: &str, values: impl Into<Vec<f32>>) -> Self {
        self.lists.insert(name.to_string(), values.into());
        self
    }

    /// Makes the layer for samples of this shape (without time and batch): `[N]`, `[C, H, W]`.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] names the parameter whose value is not finite or out of its range, or the
    /// ones that do not go together.
    pub fn init(&self, shape: &[usize], device: &Device) -> Result<Neurons, Error> {
        if !(self.dt > 0.0 && self.dt.is_finite()) {
            return Err(values::refuse::<D>("dt", format!("is {} ms; expected a time step above 0", self.dt)));
        }
        let (parameters, initial) = (self.parameter_fields(), self.initial_fields());
        let names = || parameters.iter().chain(&initial).map(|field| field.name.clone());
        if let Some(unknown) = self.lists.keys().find(|&list| !names().any(|name| name == *list)) {
            return Err(Error::unknown("parameter", unknown, &format!("`{}`", D::NAME), names()));
        }
        let columns = values::parameters(&self.model, &parameters, shape)?;
        let make = |(field, values): (&Field<'_>, Vec<f32>)| {
            let learn = field.config.learn.unwrap_or(D::LEARNABLE.contains(&field.name.as_str()));
            Parameter::new(&field.name, values, learn, field.info.above, device).within(field.config.range)
        };
        let initial: Vec<Field<'_>> = initial.into_iter().filter(Field::is_given).collect();
        let starts = values::initial::<D>(&initial, shape)?;
        Ok(Neurons::new(
            model::erase(self.model),
            parameters.iter().zip(columns).map(make).collect(),
            initial.iter().zip(starts).map(make).collect(),
            shape,
            self.dt,
        ))
    }

    fn parameter_fields(&self) -> Vec<Field<'_>> {
        let field = |(i, info): (usize, &'static _)| self.field(String::new(), info, self.parameters.get(i));
        <D::Params<f32> as Fields<f32>>::INFO.iter().enumerate().map(field).collect()
    }

    fn initial_fields(&self) -> Vec<Field<'_>> {
        let field = |(i, info): (usize, &'static _)| self.field("initial.".to_string(), info, self.initial.get(i));
        <D::State<f32> as Fields<f32>>::INFO.iter().enumerate().map(field).collect()
    }

    fn field(&self, group: String, info: &'static synfire_dynamics::FieldInfo, config: ParameterConfig) -> Field<'_> {
        let name = group + info.name;
        let list = self.lists.get(&name).map(Vec::as_slice);
        Field { name, info, config, list }
    }
}
