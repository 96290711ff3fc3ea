//! All-to-all connections.

use super::precision::cast;
use crate::neuron::Parameter;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use synfire_dynamics::linear;

/// `y = gain (x W + b)`, the same at every time step.
///
/// The gain takes weights to the unit of the neurons' current: an optimiser's step and the decay of weights
/// mean the same whether the neurons listen to 1 or to 1000 pA.
#[derive(Module, Debug)]
pub struct Linear {
    /// `[inputs, outputs]`
    pub weight: Param<Tensor<2>>,
    /// `[outputs]`
    pub bias: Option<Param<Tensor<1>>>,
    /// Delay in steps where it may lie between them, `[1]` or `[inputs]`.
    pub delay: Option<Parameter>,
    #[module(skip)]
    gain: f32,
}

impl Linear {
    /// Weights and biases uniform in `±1 / sqrt(inputs)`, drawn on the host from `rng`.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize, bias: bool, rng: &mut ChaCha8Rng, device: &Device) -> Self {
        let bound = 1.0 / (inputs as f32).sqrt();
        let mut draw = |count: usize| -> Vec<f32> {
            (0..count).map(|_| ((rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0) * bound).collect()
        };
        let weight = Tensor::from_data(TensorData::new(draw(inputs * outputs), [inputs, outputs]), device);
        let bias =
            bias.then(|| Param::from_tensor(Tensor::from_data(TensorData::new(draw(outputs), [outputs]), device)));
        Linear { weight: Param::from_tensor(weight), bias, delay: None, gain: 1.0 }
    }

    /// With this gain in place of 1.
    #[must_use]
    pub fn with_gain(self, gain: f32) -> Self {
        Linear { gain, ..self }
    }

    /// With delays that may lie between steps.
    #[must_use]
    pub(super) fn with_delay(self, delay: Option<Parameter>) -> Self {
        Linear { delay, ..self }
    }

    /// Applies the connections at every step, in one product: time is folded into the batch.
    ///
    /// # Shapes
    ///
    /// - input `[T, B, inputs]`
    /// - output `[T, B, outputs]`, of the input's type
    #[must_use]
    pub fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        self.apply(input, self.bias.as_ref().map(Param::val))
    }

    /// As [`forward`](Self::forward), without the bias: for the times of spikes.
    #[must_use]
    pub fn weigh(&self, input: Tensor<3>) -> Tensor<3> {
        self.apply(input, None)
    }

    fn apply(&self, input: Tensor<3>, bias: Option<Tensor<1>>) -> Tensor<3> {
        let ([steps, batch, inputs], dtype) = (input.dims(), input.dtype());
        let (weight, bias) = (cast(self.weight.val(), dtype), bias.map(|bias| cast(bias, dtype)));
        let output = linear(input.reshape([steps * batch, inputs]), weight, bias);
        let [_, outputs] = output.dims();
        let output = output.reshape([steps, batch, outputs]);
        if self.gain == 1.0 { output } else { output * self.gain }
    }
}
