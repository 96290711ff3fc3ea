//! The content of a file: plain data, as NumPy would hold it.

mod file;
mod layer;

pub use layer::{Conv2d, Layer, Linear, Neurons, Pool2d, PoolKind, Reset};

use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A network as a file holds it: its input, and a chain of layers. [`Network::new`](crate::Network::new) checks it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The input of the first layer.
    pub input: Input,
    /// Layers in order; the last ones are neurons.
    pub layers: Vec<Layer>,
    /// Texts by name that are kept with it, such as the description of the network that it was made of.
    pub metadata: HashMap<String, String>,
}

/// Quantisation of the input to integers: `x = clamp(floor(value / scale + 1/2), low, high)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Shape of the input of a step, `[F]` or `[C, H, W]`.
    pub shape: Vec<usize>,
    /// Value of 1, above 0: 1 for spikes.
    pub scale: f32,
    /// Least number.
    pub low: i32,
    /// Largest number.
    pub high: i32,
}

/// Spikes of one input.
impl Default for Input {
    fn default() -> Self {
        Input { shape: vec![1], scale: 1.0, low: 0, high: 1 }
    }
}
