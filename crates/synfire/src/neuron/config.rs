//! How a layer of neurons is described before it exists.

use super::{Neuron, Neurons, Parameter, model};
use crate::Error;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use synfire_dynamics::{FieldInfo, Fields};

/// How many numbers a parameter has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// One for the layer.
    #[default]
    Layer,
    /// One per channel, the first axis of a sample.
    Channel,
    /// One per neuron.
    Neuron,
}

impl Per {
    fn count(self, shape: &[usize]) -> usize {
        match self {
            Per::Layer => 1,
            Per::Channel => shape.first().copied().unwrap_or(1),
            Per::Neuron => shape.iter().product(),
        }
    }
}

/// One parameter of a layer: its value, whether it learns, and how many numbers it has.
///
/// In TOML either a number (`tau_m = 20.0`) or a table (`tau_m = { value = 20.0, learn = true, per = "neuron" }`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct ParameterConfig {
    /// Initial value; `None` is the model's default.
    pub value: Option<f32>,
    /// Whether it learns; `None` is the model's default.
    pub learn: Option<bool>,
    /// One number, or one per channel or neuron.
    pub per: Per,
}

impl ParameterConfig {
    /// A number that does not learn.
    #[must_use]
    pub fn fixed(value: f32) -> Self {
        ParameterConfig { value: Some(value), learn: Some(false), per: Per::Layer }
    }

    /// A number that learns, from `value` on.
    #[must_use]
    pub fn learnable(value: f32) -> Self {
        ParameterConfig { value: Some(value), learn: Some(true), per: Per::Layer }
    }

    /// One number per neuron.
    #[must_use]
    pub fn per_neuron(self) -> Self {
        ParameterConfig { per: Per::Neuron, ..self }
    }

    /// One number per channel.
    #[must_use]
    pub fn per_channel(self) -> Self {
        ParameterConfig { per: Per::Channel, ..self }
    }
}

/// The two ways of writing a [`ParameterConfig`].
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f32),
    Table(Table),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learn: Option<bool>,
    #[serde(default)]
    per: Per,
}

impl From<Written> for ParameterConfig {
    fn from(written: Written) -> Self {
        match written {
            Written::Number(value) => ParameterConfig { value: Some(value), ..Self::default() },
            Written::Table(Table { value, learn, per }) => ParameterConfig { value, learn, per },
        }
    }
}

impl From<ParameterConfig> for Written {
    fn from(config: ParameterConfig) -> Self {
        match config {
            ParameterConfig { value: Some(value), learn: None, per: Per::Layer } => Written::Number(value),
            ParameterConfig { value, learn, per } => Written::Table(Table { value, learn, per }),
        }
    }
}

/// Configuration of a layer of neurons of model `D`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::neuron::{LifConfig, ParameterConfig, Reset};
///
/// let mut config = LifConfig::new();
/// config.model.reset = Reset::Subtract;
/// config.parameters.tau_m = ParameterConfig::learnable(20.0).per_neuron();
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
        NeuronConfig { model: D::default(), parameters: Fields::from_fn(|_| ParameterConfig::default()), dt: 1.0 }
    }

    /// Makes the layer for samples of this shape (without time and batch): `[N]`, `[C, H, W]`.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] names the parameter whose value is not finite or out of its range, or the
    /// ones that do not go together.
    pub fn init(&self, shape: &[usize], device: &Device) -> Result<Neurons, Error> {
        let infos = <D::Params<f32> as Fields<f32>>::INFO;
        let values = self.values()?;
        let parameters = infos
            .iter()
            .enumerate()
            .map(|(i, info)| {
                let config = self.parameters.get(i);
                let learn = config.learn.unwrap_or(D::LEARNS.contains(&info.name));
                Parameter::new(info, values.get(i), config.per.count(shape), learn, device)
            })
            .collect();
        Ok(Neurons::new(model::erase(self.model), parameters, shape, self.dt))
    }

    /// The value of every parameter, checked.
    fn values(&self) -> Result<D::Params<f32>, Error> {
        let infos = <D::Params<f32> as Fields<f32>>::INFO;
        let refuse = |name: &str, problem: String| Error::Parameter {
            model: D::NAME.to_string(),
            name: name.to_string(),
            problem,
        };
        if !(self.dt > 0.0 && self.dt.is_finite()) {
            return Err(refuse("dt", format!("is {} ms; expected a time step above 0", self.dt)));
        }
        let given: D::Params<f32> =
            Fields::from_fn(|i| self.parameters.get(i).value.or(infos[i].default).unwrap_or(f32::NAN));
        let values: D::Params<f32> = Fields::from_fn(|i| match given.get(i) {
            value if !value.is_nan() || self.parameters.get(i).value.is_some() => value,
            _ => self.derived(infos[i], given),
        });
        for (i, info) in infos.iter().enumerate() {
            let value = values.get(i);
            let unit = if info.unit.is_empty() { String::new() } else { format!(" {}", info.unit) };
            if !value.is_finite() {
                return Err(refuse(info.name, format!("is {value}; expected a finite number")));
            }
            if let Some(above) = info.above.filter(|&above| value <= above) {
                let expected = match info.default {
                    Some(default) => format!("a value above {above}{unit}, for example {default}"),
                    None => format!("a value above {above}{unit}"),
                };
                return Err(refuse(info.name, format!("is {value}{unit}; expected {expected}")));
            }
        }
        self.model.check(values).map_err(|problem| Error::Parameters { model: D::NAME.to_string(), problem })?;
        Ok(values)
    }

    fn derived(&self, info: FieldInfo, given: D::Params<f32>) -> f32 {
        let alpha = || self.model.surrogate().filter(|_| info.name == "alpha").map(crate::Surrogate::default_alpha);
        self.model.derived_default(info.name, given).or_else(alpha).unwrap_or(f32::NAN)
    }

    /// Reads settings and parameters as a configuration file writes them, side by side.
    pub(super) fn from_settings(layer: &str, settings: &Settings, dt: f32) -> Result<Self, Error> {
        let infos = <D::Params<f32> as Fields<f32>>::INFO;
        let mut config = NeuronConfig { dt, ..Self::new() };
        let mut parameters = vec![ParameterConfig::default(); infos.len()];
        let defaults = serde_json::to_value(D::default()).unwrap_or_default();
        let mut model = serde_json::Map::new();
        for (key, value) in settings {
            let refuse = |problem: String| Error::Setting { layer: layer.to_string(), key: key.clone(), problem };
            if let Some(i) = infos.iter().position(|info| info.name == key) {
                parameters[i] = serde_json::from_value(value.clone()).map_err(|_| {
                    refuse(format!(
                        "is {value}; expected a number, or a table {{ value = 1.0, learn = true, per = \"neuron\" }} \
                         with `per` one of \"layer\", \"channel\", \"neuron\""
                    ))
                })?;
            } else if defaults.get(key).is_some() {
                let mut one = serde_json::Map::new();
                one.insert(key.clone(), value.clone());
                serde_json::from_value::<D>(one.into()).map_err(|error| refuse(format!("is {value}: {error}")))?;
                model.insert(key.clone(), value.clone());
            } else {
                let known = infos.iter().map(|info| info.name.to_string());
                let settings = defaults.as_object().into_iter().flat_map(|map| map.keys().cloned());
                return Err(Error::unknown("setting", key, &format!("{layer} (`{}`)", D::NAME), known.chain(settings)));
            }
        }
        config.model = serde_json::from_value(model.into())
            .map_err(|error| Error::Parameters { model: D::NAME.to_string(), problem: error.to_string() })?;
        config.parameters = Fields::from_fn(|i| parameters[i]);
        Ok(config)
    }
}

/// Settings and parameters of a layer, as in a configuration file.
pub type Settings = BTreeMap<String, serde_json::Value>;
