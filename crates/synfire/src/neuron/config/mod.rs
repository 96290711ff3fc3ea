//! Configuration of a layer of neurons.

mod init;
mod learning;
mod parameter;
mod per;
mod settings;
mod values;
mod written;

pub use parameter::{ParameterConfig, ParameterValue};
pub use per::Per;
pub use settings::Settings;

pub(super) use settings::written;

use super::{Neuron, Neurons, model};
use crate::Error;
use burn::tensor::Device;
use std::collections::BTreeMap;

/// Configuration of a layer of neurons of model `D`.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::neuron::{Lif, LifConfig, ParameterConfig, Reset};
///
/// let config = LifConfig::new()
///     .with("tau_m", ParameterConfig::learnable(20.0).per_neuron())
///     .with("v_th", ParameterConfig::learnable(1.0).within(0.5, 2.0))
///     .with("initial.v", 0.1)
///     .with_model(Lif { reset: Reset::Soft, ..Lif::default() });
///
/// let device = Device::default();
/// let neurons = config.init(&[10], &device);
/// let current = Tensor::<3>::ones([25, 4, 10], &device); // [T, B, N]
/// assert_eq!(neurons.forward(current).dims(), [25, 4, 10]);
/// ```
///
/// It is a [`Config`](burn::config::Config) of Burn: it nests as a field of configurations of your own, and
/// is written as a layer of neurons in a configuration file is.
///
/// ```
/// use burn::config::Config;
/// use synfire::neuron::{ParameterConfig, PlifConfig};
///
/// #[derive(Config, Debug)]
/// struct NetConfig {
///     classes: usize,
///     #[config(default = 8)]
///     steps: usize,
///     spike: PlifConfig,
/// }
///
/// let spike = PlifConfig::new().with("tau_m", ParameterConfig::learnable(2.0).per_channel());
/// let json = NetConfig::new(10, spike.clone()).to_string();
/// assert!(json.replace(char::is_whitespace, "").contains(r#""tau_m":{"value":2.0,"learn":true,"per":"channel"}"#));
/// assert_eq!(NetConfig::load_binary(json.as_bytes())?.spike, spike);
/// # Ok::<(), burn::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NeuronConfig<D: Neuron> {
    /// Settings of the model: surrogate, reset.
    pub model: D,
    /// Parameters by name (`tau_m`), and initial values of states (`initial.v`). A parameter that is not here
    /// has its default; a state starts at rest, or from the parameter of its name.
    pub parameters: BTreeMap<String, ParameterConfig>,
    /// Time step in ms, above 0.
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
        NeuronConfig { model: D::default(), parameters: BTreeMap::new(), dt: 1.0 }
    }

    /// Sets a parameter, or by the name `initial.v` the initial value of the state `v`: a number, a list with
    /// a number per neuron, or a [`ParameterConfig`]. It replaces what was set under this name before.
    ///
    /// Names are those of configuration files; [`try_init`](Self::try_init) refuses any other.
    ///
    /// ```
    /// # use burn::tensor::Device;
    /// # use synfire::neuron::LifConfig;
    /// let config = LifConfig::new().with("v_th", 0.5).with("tau_m", [3.0, 6.0, 12.0]);
    /// assert!(config.try_init(&[3], &Device::default()).is_ok());
    /// let error = config.try_init(&[4], &Device::default()).unwrap_err().to_string();
    /// assert_eq!(error, "parameter `tau_m` of `lif` has 3 values; expected 4, one for each of the layer's 4 neurons");
    /// let error = LifConfig::new().with("taum", 3.0).try_init(&[4], &Device::default()).unwrap_err().to_string();
    /// assert!(error.starts_with("unknown parameter `taum` in `lif`; did you mean `tau_m`? Known: tau_m, v_th"));
    /// ```
    #[must_use]
    pub fn with(mut self, name: &str, parameter: impl Into<ParameterConfig>) -> Self {
        self.parameters.insert(name.to_string(), parameter.into());
        self
    }

    /// Sets the settings of the model: surrogate, reset.
    #[must_use]
    pub fn with_model(self, model: D) -> Self {
        NeuronConfig { model, ..self }
    }

    /// Sets the time step in ms.
    #[must_use]
    pub fn with_dt(self, dt: f32) -> Self {
        NeuronConfig { dt, ..self }
    }

    /// Makes the layer for samples of this shape, without time and batch: `[N]`, `[C, L]`, `[C, H, W]`.
    ///
    /// # Panics
    ///
    /// As [`try_init`](Self::try_init) returns an error.
    #[must_use]
    pub fn init(&self, shape: &[usize], device: &Device) -> Neurons {
        self.try_init(shape, device).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Makes the layer for samples of this shape, without time and batch: `[N]`, `[C, L]`, `[C, H, W]`.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] names a parameter that the model does not have, [`Error::Parameter`] the one whose
    /// value is not finite or out of its range, or that should learn and that no gradient reaches with these settings,
    /// [`Error::Parameters`] those that do not go together.
    pub fn try_init(&self, shape: &[usize], device: &Device) -> Result<Neurons, Error> {
        init::layer(model::erase(self.model), &self.parameters, self.dt, shape, device)
    }
}
