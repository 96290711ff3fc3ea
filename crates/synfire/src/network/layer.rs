//! One layer of a network.

use super::{Linear, ModuleLayer, Source};
use crate::neuron::Neurons;
use burn::module::Module;

/// A layer of a [`Network`](super::Network).
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant, reason = "there are few layers, and each is used through a reference")]
pub enum Layer {
    /// All-to-all connections.
    Linear(Linear),
    /// Neurons, one for each output of the layers before.
    Neurons(Neurons),
    /// Any Burn module, applied at every step.
    Module(ModuleLayer),
    /// A generator, on which nothing acts.
    Generator(Source),
}
