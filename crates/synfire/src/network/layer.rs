//! One layer of a network.

use super::{Linear, ModuleLayer};
use crate::neuron::Neurons;
use burn::module::Module;

/// A layer of a [`Network`](super::Network).
#[derive(Module, Debug)]
pub enum Layer {
    /// All-to-all connections.
    Linear(Linear),
    /// Neurons, one for each output of the layer before.
    Neurons(Neurons),
    /// Any Burn module, applied at every step.
    Module(ModuleLayer),
}
