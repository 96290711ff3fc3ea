//! A layer in its network.

use super::delay::Delay;
use super::join::Join;
use super::layer::{AnyLayer, Recording, transparent_module};
use super::shape::Shape;
use crate::coding::{Activations, Generator};
use crate::neuron::Neurons;
use burn::tensor::Tensor;

/// Where an input of a node comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The encoded samples.
    Sample,
    /// A node by its index.
    Node(usize),
}

/// A layer and all that was decided about it when the network was built.
#[derive(Clone, Debug)]
pub struct Node {
    pub(super) layer: AnyLayer,
    /// Delay of the inputs.
    pub(super) delay: Delay,
    pub(super) path: String,
    pub(super) name: Option<String>,
    pub(super) inputs: Vec<Origin>,
    pub(super) join: Join,
    /// A current that is added to the inputs.
    pub(super) injected: Option<Generator>,
    pub(super) input_shape: Shape,
    pub(super) output_shape: Shape,
    pub(super) recording: Recording,
    /// Nodes that listen to this one.
    pub(super) listeners: usize,
}

transparent_module!(Node {
    inner: [layer, delay],
    named: [],
    plain: [path, name, inputs, join, injected, input_shape, output_shape, recording, listeners],
});

impl Node {
    /// Path of the layer in the network, `layers.3`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The name that the description gives it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Shape of a sample before the layer.
    #[must_use]
    pub fn input_shape(&self) -> &Shape {
        &self.input_shape
    }

    /// Shape of a sample after the layer.
    #[must_use]
    pub fn output_shape(&self) -> &Shape {
        &self.output_shape
    }

    /// The layer.
    #[must_use]
    pub fn layer(&self) -> &AnyLayer {
        &self.layer
    }

    /// The neurons, of a layer that has some.
    #[must_use]
    pub fn neurons(&self) -> Option<&Neurons> {
        self.layer.neurons()
    }

    /// Indices of the layers that it listens to; none stands for the encoded samples.
    pub fn sources(&self) -> impl Iterator<Item = Option<usize>> {
        self.inputs.iter().map(|origin| match origin {
            Origin::Sample => None,
            Origin::Node(i) => Some(*i),
        })
    }

    /// Its input when the layers that it listens to send these, without its delay.
    pub(crate) fn joined(&self, sent: Vec<Tensor<3>>, steps: usize) -> Option<Tensor<3>> {
        let sent = sent.into_iter().map(|values| Activations::new(values, 1.0)).collect();
        self.join.apply(sent, steps).map(|heard| heard.values)
    }
}
