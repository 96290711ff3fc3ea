//! Where a layer is built: its path, its shapes, its device.

use super::super::Shape;
use crate::Error;
use crate::registry::BadSetting;
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// Facts of a network that its layers may depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkInfo {
    /// Classes of the data, or length of their target vectors.
    pub classes: usize,
    /// Neurons of the last layer that make one score, at least 1: the `pop_size` of the decoder.
    pub population: usize,
    /// Time steps of a sample.
    pub steps: usize,
    /// Length of a step in ms.
    pub dt: f32,
}

/// Place in a network at which a [`LayerKind`](super::LayerKind) builds its layer.
#[derive(Debug)]
pub struct Site<'a> {
    /// Path of the layer, `layers.3`, for messages.
    pub path: &'a str,
    /// Shape of a sample before the layer.
    pub input: &'a Shape,
    /// Shape of a sample after the layer.
    pub output: &'a Shape,
    /// Facts of the network.
    pub network: NetworkInfo,
    /// Firing threshold of the neurons that listen to the layer, where there are some with one.
    pub threshold: Option<f32>,
    /// Device of the parameters.
    pub device: &'a Device,
    /// Random numbers of initial weights, drawn on the host so that every backend starts from the same ones.
    pub rng: &'a mut ChaCha8Rng,
}

impl Site<'_> {
    /// Weights drawn uniformly from `±bound`.
    pub fn uniform<const D: usize>(&mut self, shape: [usize; D], bound: f32) -> Tensor<D> {
        let count = shape.iter().product();
        Tensor::from_data(TensorData::new(uniform(self.rng, count, bound), shape), self.device)
    }

    /// Channels, height and width of the input.
    ///
    /// # Errors
    ///
    /// If the input is no picture.
    pub fn input_picture(&self) -> Result<[usize; 3], Error> {
        self.input.picture().map_err(|problem| Error::config(self.path, problem))
    }

    /// Channels and length of the input.
    ///
    /// # Errors
    ///
    /// If the input is no series.
    pub fn input_series(&self) -> Result<[usize; 2], Error> {
        self.input.series().map_err(|problem| Error::config(self.path, problem))
    }

    /// A setting of this layer that is wrong, as an error with the layer's path.
    #[must_use]
    pub fn refuse(&self, bad: BadSetting) -> Error {
        bad.at(self.path)
    }
}

/// Values uniform in `±bound`, on a grid of 2^-23 of it.
pub(crate) fn uniform(rng: &mut ChaCha8Rng, count: usize, bound: f32) -> Vec<f32> {
    (0..count).map(|_| ((rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0) * bound).collect()
}
