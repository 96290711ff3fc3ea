//! State of a network between two parts of a series.

use super::layer::LayerState;
use crate::coding::Activations;
use burn::tensor::{Int, Tensor};

/// State of a network after some steps: potentials, what delays still hold, what recurrent layers have sent. The default
/// is the state before the first step.
///
/// It belongs to one network and one batch.
#[derive(Clone, Debug, Default)]
pub struct NetworkState {
    pub(super) step: usize,
    /// One for each layer; none before the first step.
    pub(super) nodes: Vec<NodeState>,
}

impl NetworkState {
    /// Steps taken so far.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }

    /// The same without the graph of operations that led to it: gradients stop here, as in truncated backpropagation
    /// through time.
    #[must_use]
    pub fn detach(self) -> Self {
        self.map(Tensor::detach)
    }

    /// Applies `f` to the values of each tensor, as one axis.
    pub(super) fn map(self, mut f: impl FnMut(Tensor<1>) -> Tensor<1>) -> Self {
        fn flat<const D: usize>(x: Tensor<D>, f: &mut impl FnMut(Tensor<1>) -> Tensor<1>) -> Tensor<D> {
            let dims = x.dims();
            f(x.reshape([dims.iter().product::<usize>()])).reshape(dims)
        }
        let mut nodes = self.nodes;
        for node in &mut nodes {
            node.layer.0 = core::mem::take(&mut node.layer.0).into_iter().map(|x| flat(x, &mut f)).collect();
            for inputs in node.waiting.iter_mut().flatten().chain(&mut node.sent) {
                inputs.values = flat(inputs.values.clone(), &mut f);
                inputs.spike_times = inputs.spike_times.take().map(|x| flat(x, &mut f));
            }
        }
        NetworkState { step: self.step, nodes }
    }

    /// Values of each tensor, as one axis, in the order of [`map`](Self::map).
    pub(super) fn tensors(&self) -> Vec<Tensor<1>> {
        let mut all = vec![];
        let _ = self.clone().map(|x| {
            all.push(x.clone());
            x
        });
        all
    }

    /// The state of some samples of the batch.
    pub(super) fn select(self, samples: &Tensor<1, Int>) -> Self {
        let select = |x: Tensor<3>| x.select(1, samples.clone());
        let nodes = self.nodes.into_iter().map(|node| NodeState {
            layer: LayerState(node.layer.0.into_iter().map(|x| x.select(0, samples.clone())).collect()),
            waiting: node.waiting.into_iter().map(|inputs| inputs.map(|x| x.map(select))).collect(),
            sent: node.sent.into_iter().map(|x| x.map(select)).collect(),
        });
        NetworkState { step: self.step, nodes: nodes.collect() }
    }
}

/// State of a layer in its network.
#[derive(Clone, Debug, Default)]
pub(super) struct NodeState {
    pub(super) layer: LayerState,
    /// Inputs that have not arrived yet, of each origin with a delay of its own.
    pub(super) waiting: Vec<Option<Activations>>,
    /// The last outputs, of a layer of a cycle: one for each step that its listeners look back.
    pub(super) sent: Vec<Activations>,
}

impl NodeState {
    /// Inputs of origin `at` that have not arrived yet.
    pub(super) fn waiting(&mut self, at: usize) -> &mut Option<Activations> {
        if self.waiting.len() <= at {
            self.waiting.resize(at + 1, None);
        }
        &mut self.waiting[at]
    }
}
