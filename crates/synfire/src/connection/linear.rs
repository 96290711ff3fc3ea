//! All-to-all connections.

use super::amplified;
use crate::network::cast;
use crate::network::layer::uniform;
use burn::config::Config;
use burn::module::{Content, Module, ModuleDisplay, Param};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use synfire_dynamics::{Spikes, linear, linear_spikes};

/// Configuration of an [`EventLinear`] layer.
#[derive(Config, Debug)]
pub struct EventLinearConfig {
    /// Inputs.
    pub d_input: usize,
    /// Outputs.
    pub d_output: usize,
    /// Whether there is a bias.
    #[config(default = true)]
    pub bias: bool,
    /// Factor of the outputs, above 0.
    #[config(default = 1.0)]
    pub gain: f32,
}

impl EventLinearConfig {
    /// The layer, weights and biases uniform in `±1 / sqrt(d_input)`.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use synfire::connection::EventLinearConfig;
    ///
    /// let device = Device::default();
    /// let linear = EventLinearConfig::new(784, 10).init(&device);
    /// let spikes = Tensor::<3>::zeros([25, 4, 784], &device); // [T, B, N]
    /// assert_eq!(linear.forward(spikes).dims(), [25, 4, 10]);
    /// ```
    #[must_use]
    pub fn init(&self, device: &Device) -> EventLinear {
        let bound = 1.0 / (self.d_input.max(1) as f64).sqrt();
        let uniform = Distribution::Uniform(-bound, bound);
        let weight = Tensor::random([self.d_input, self.d_output], uniform, device);
        let bias = self.bias.then(|| Tensor::random([self.d_output], uniform, device));
        EventLinear::new(weight, bias, self.gain)
    }

    /// As [`init`](Self::init), drawn on the host from `rng`: the same weights on every backend.
    #[must_use]
    pub fn init_with(&self, rng: &mut ChaCha8Rng, device: &Device) -> EventLinear {
        let bound = 1.0 / (self.d_input.max(1) as f32).sqrt();
        let [inputs, outputs] = [self.d_input, self.d_output];
        let weight =
            Tensor::from_data(TensorData::new(uniform(rng, inputs * outputs, bound), [inputs, outputs]), device);
        let bias =
            self.bias.then(|| Tensor::from_data(TensorData::new(uniform(rng, outputs, bound), [outputs]), device));
        EventLinear::new(weight, bias, self.gain)
    }
}

/// All-to-all connections, `y = gain (x W + b)`. On CPUs the product costs as much as there are spikes.
///
/// The gain takes weights to the unit of the neurons' current: an optimiser's step and the decay of weights
/// mean the same whether the neurons listen to 1 or to 1000 pA.
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct EventLinear {
    /// `[d_input, d_output]`
    pub weight: Param<Tensor<2>>,
    /// `[d_output]`
    pub bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    gain: f32,
}

impl ModuleDisplay for EventLinear {
    fn custom_content(&self, content: Content) -> Option<Content> {
        let [inputs, outputs] = self.weight.dims();
        content.add("d_input", &inputs).add("d_output", &outputs).add("bias", &self.bias.is_some()).optional()
    }
}

impl EventLinear {
    pub(crate) fn new(weight: Tensor<2>, bias: Option<Tensor<1>>, gain: f32) -> Self {
        EventLinear { weight: Param::from_tensor(weight), bias: bias.map(Param::from_tensor), gain }
    }

    pub(crate) fn gain(&self) -> f32 {
        self.gain
    }

    /// Applies the connections, at every step alike.
    ///
    /// # Shapes
    ///
    /// - input `[.., d_input]`, mostly `[T, B, d_input]`
    /// - output `[.., d_output]`, of the input's type
    #[must_use]
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.apply(input, self.bias.as_ref().map(Param::val))
    }

    /// As [`forward`](Self::forward) for spikes as bits, `[T, B, d_input]` to `[T, B, d_output]`.
    #[must_use]
    pub fn forward_spikes(&self, spikes: Spikes) -> Tensor<3> {
        amplified(linear_spikes(spikes, self.weight.val(), self.bias.as_ref().map(Param::val)), self.gain)
    }

    /// As [`forward`](Self::forward) without the bias: for the times of spikes.
    #[must_use]
    pub fn forward_without_bias<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        self.apply(input, None)
    }

    fn apply<const D: usize>(&self, input: Tensor<D>, bias: Option<Tensor<1>>) -> Tensor<D> {
        let dtype = input.dtype();
        let (weight, bias) = (cast(self.weight.val(), dtype), bias.map(|bias| cast(bias, dtype)));
        amplified(linear(input, weight, bias), self.gain)
    }
}
