//! All-to-all connections.

use super::Delays;
use super::precision::cast;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use synfire_dynamics::linear;

/// `y[t] = gain (W x[t - d] + b)`, the same at every time step; before the first step `x` is 0.
///
/// The gain takes weights to the unit of the neurons' current: an optimiser's step and the decay of weights
/// mean the same whether the neurons listen to 1 or to 1000 pA.
#[derive(Module, Debug)]
pub struct Linear {
    /// `[inputs, outputs]`
    pub weight: Param<Tensor<2>>,
    /// `[outputs]`
    pub bias: Option<Param<Tensor<1>>>,
    /// Delays of its connections where there are several, or it learns.
    pub delays: Option<Delays>,
    #[module(skip)]
    gain: f32,
    #[module(skip)]
    delay: usize,
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
        Linear { weight: Param::from_tensor(weight), bias, delays: None, gain: 1.0, delay: 0 }
    }

    /// With this gain in place of 1.
    #[must_use]
    pub fn with_gain(self, gain: f32) -> Self {
        Linear { gain, ..self }
    }

    /// With this delay in steps in place of 0, or with several.
    #[must_use]
    pub(super) fn with_delay(self, (delay, delays): (usize, Option<Delays>)) -> Self {
        Linear { delay, delays, ..self }
    }

    /// Applies the connections at every step, in one product: time is folded into the batch. Without delay:
    /// the [network](super::Network) knows what was before.
    ///
    /// # Shapes
    ///
    /// - input `[T, B, inputs]`
    /// - output `[T, B, outputs]`, of the input's type
    #[must_use]
    pub fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        self.apply(input, self.weight.val(), self.bias.as_ref().map(Param::val))
    }

    /// As [`forward`](Self::forward), without the bias: for the times of spikes.
    #[must_use]
    pub fn weigh(&self, input: Tensor<3>) -> Tensor<3> {
        self.apply(input, self.weight.val(), None)
    }

    /// What arrives: `before(k)` is the input of `k` steps before.
    pub(super) fn deliver(&self, with_bias: bool, mut before: impl FnMut(usize) -> Tensor<3>) -> Tensor<3> {
        let mut bias = self.bias.as_ref().filter(|_| with_bias).map(Param::val);
        let Some(delays) = &self.delays else {
            return self.apply(before(self.delay), self.weight.val(), bias);
        };
        let mut arriving = None;
        for k in delays.steps() {
            let part = self.apply(before(k), self.weight.val() * delays.share(k), bias.take());
            arriving = Some(match arriving {
                Some(sum) => sum + part,
                None => part,
            });
        }
        arriving.unwrap_or_else(|| self.forward(before(0)))
    }

    fn apply(&self, input: Tensor<3>, weight: Tensor<2>, bias: Option<Tensor<1>>) -> Tensor<3> {
        let ([steps, batch, inputs], dtype) = (input.dims(), input.dtype());
        let (weight, bias) = (cast(weight, dtype), bias.map(|bias| cast(bias, dtype)));
        let output = linear(input.reshape([steps * batch, inputs]), weight, bias);
        let [_, outputs] = output.dims();
        let output = output.reshape([steps, batch, outputs]);
        if self.gain == 1.0 { output } else { output * self.gain }
    }
}
