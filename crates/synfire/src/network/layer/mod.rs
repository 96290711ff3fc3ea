//! Layer kinds: one file each, listed here.
//!
//! A kind is a record of settings that implements [`LayerKind`] and [`Named`](crate::registry::Named); what it builds
//! is a Burn module that implements [`Layer`].

mod any;
mod batch_norm;
mod conv;
mod dropout;
mod flatten;
mod identity;
mod linear;
mod neuron;
mod norm;
mod opaque;
mod pass;
mod per_step;
mod pool;
mod ranks;
mod recurrent;
mod scale;
mod site;
mod transparent;
mod voting;

pub use any::{AnyLayer, Layer};
pub use batch_norm::BatchNorm;
pub(in crate::network) use conv::Conv2dLayer;
pub use conv::{Conv1d, Conv2d, ConvTranspose2d, Padding, PaddingWord, PerAxis};
pub use dropout::Dropout;
pub use flatten::Flatten;
pub use identity::Identity;
pub use linear::{ClassesWord, Linear, Width};
pub use neuron::Neuron;
pub(in crate::network) use neuron::NeuronLayer;
pub use norm::{GroupNorm, LayerNorm};
pub(super) use opaque::Opaque;
pub use pass::{LayerState, Pass, Recording};
pub use per_step::PerStep;
pub(in crate::network) use pool::PoolLayer;
pub use pool::{
    AveragePool1d, AveragePool2d, GlobalAveragePool, GlobalMaxPool, GlobalSumPool, MaxPool1d, MaxPool2d, SumPool1d,
    SumPool2d,
};
pub use recurrent::{Connect, Recurrent};
pub use scale::Scale;
pub(crate) use site::uniform;
pub use site::{NetworkInfo, Site};
pub(in crate::network) use transparent::transparent_module;
pub use voting::Voting;

use super::Shape;
use crate::Error;
use crate::registry::{BadSetting, kind};
use core::fmt::Debug;

kind!(
    "layer",
    LayerKind,
    [
        Linear,
        Neuron,
        Conv1d,
        Conv2d,
        ConvTranspose2d,
        MaxPool1d,
        MaxPool2d,
        GlobalMaxPool,
        AveragePool1d,
        AveragePool2d,
        GlobalAveragePool,
        SumPool1d,
        SumPool2d,
        GlobalSumPool,
        Flatten,
        Identity,
        BatchNorm,
        LayerNorm,
        GroupNorm,
        Dropout,
        Scale,
        Voting
    ]
);

/// Settings of a kind of layer, as a configuration file writes them; implement it with
/// [`Named`](crate::registry::Named) for one of your own, and [`register`] it to use it by name.
pub trait LayerKind: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, what is wrong with it and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Shape of a sample after the layer.
    ///
    /// # Errors
    ///
    /// Why samples of shape `input` do not fit, and the cure.
    fn output_shape(&self, input: &Shape, network: NetworkInfo) -> Result<Shape, String>;

    /// Names and shapes of the weights that [`build`](Self::build) allocates, so that the size of a network is known
    /// before it is built. Parameters no larger than a sample may be left out.
    fn weights(&self, input: &Shape, output: &Shape) -> Vec<(&'static str, Vec<usize>)> {
        let _ = (input, output);
        vec![]
    }

    /// Number of connections that leave each value of a sample, of a layer that multiplies its input by weights.
    fn fan_out(&self, input: &Shape, output: &Shape) -> Option<Vec<usize>> {
        let _ = (input, output);
        None
    }

    /// Builds the layer with its initial parameters.
    ///
    /// # Errors
    ///
    /// The setting that is wrong, by key.
    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error>;

    /// Whether it is a connection: it takes the network's general `delay` where it has none of its own.
    fn is_connection(&self) -> bool {
        false
    }

    /// Whether the times of spikes inside their step pass through it, weighted as the spikes are.
    fn passes_spike_times(&self) -> bool {
        false
    }

    /// Whether it is connected to itself and makes use of the times of its own spikes.
    fn feeds_spike_times_back(&self) -> bool {
        false
    }

    /// Whether training over parts of the steps, one after the other, is the same as over all at once: not where it takes
    /// statistics over all steps, or draws something for all of them.
    fn divides_over_time(&self) -> bool {
        true
    }

    /// Whether it makes use of the times of spikes that it is given.
    fn takes_spike_times(&self) -> bool {
        false
    }

    /// Whether it has a membrane potential that decoders can read.
    fn has_potential(&self) -> bool {
        false
    }

    /// Neuron model of a layer of neurons.
    fn model(&self) -> Option<&str> {
        None
    }

    /// Firing threshold of a layer of neurons whose model has one.
    fn threshold(&self) -> Option<f32> {
        None
    }
}
