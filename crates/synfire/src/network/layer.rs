//! One layer of a network.

use super::Linear;
use crate::neuron::Neurons;
use burn::module::Module;

/// A layer of a [`Network`](super::Network).
#[derive(Module, Debug)]
pub enum Layer {
    /// All-to-all connections.
    Linear(Linear),
    /// Neurons, one for each output of the layer before.
    Neurons(Neurons),
}
