//! Everything that a kernel needs of a scan, but for the values of its tensors.

use super::{Operands, Results};
use crate::graph::{Equations, Request};
use crate::memory::Uninit;
use crate::spikes::{FactoredGradient, Outlet, Writer};
use burn::tensor::Shape;
use std::ops::Range;
use std::sync::Arc;

/// Equations, sizes and requested results of a scan.
#[derive(Clone, Debug)]
pub(crate) struct ScanSpec {
    pub(crate) equations: Arc<Equations>,
    pub(crate) steps: usize,
    pub(crate) batch: usize,
    pub(crate) neurons: usize,
    /// Whether the inputs have one row for all steps, `[I, 1, B, N]`.
    pub(crate) constant_input: bool,
    /// Whether all neurons start from the same state: `initial` is `[S, 1, 1]` then, and gets no gradient.
    pub(crate) uniform_start: bool,
    /// Length of each parameter: 1, one value per channel, or one per neuron.
    pub(crate) param_lens: Vec<usize>,
    /// Indices of the states to record.
    pub(crate) traces: Vec<usize>,
    /// Indices of the parameters that get a gradient.
    pub(crate) learnable: Vec<usize>,
    /// Where the spikes go as bits. The output is a single zero then, with the place in the autodiff graph.
    pub(crate) outlet: Option<Outlet>,
}

impl ScanSpec {
    /// Number of neurons in all samples of the batch.
    pub(crate) fn plane(&self) -> usize {
        self.batch * self.neurons
    }

    /// Number of states of a neuron.
    pub(crate) fn states(&self) -> usize {
        self.equations.states()
    }

    /// Rows of each input: one per step, or a single one.
    pub(crate) fn input_rows(&self) -> usize {
        if self.constant_input { 1 } else { self.steps }
    }

    /// Where parameter `k` lies among the packed parameters.
    pub(crate) fn param_range(&self, k: usize) -> Range<usize> {
        let start = self.param_lens[..k].iter().sum();
        start..start + self.param_lens[k]
    }

    /// Number of neighbouring neurons that share a value of parameter `k`.
    pub(crate) fn neurons_per_value(&self, k: usize) -> usize {
        self.neurons / self.param_lens[k]
    }

    /// Shapes of the packed results.
    pub(crate) fn result_shapes(&self) -> Results<Shape> {
        let (t, b, n) = (self.steps, self.batch, self.neurons);
        Results {
            output: Shape::from(if self.outlet.is_some() { [1, 1, 1] } else { [t, b, n] }),
            traces: Shape::from([self.traces.len(), t, b, n]),
            finals: Shape::from([self.states(), b, n]),
        }
    }

    /// The results, once all have been written; spikes go to the outlet.
    pub(crate) fn finished(&self, results: Results<Uninit>, spikes: Option<Writer>) -> Results<Vec<f32>> {
        let results = results.map(Uninit::into_written);
        match (&self.outlet, spikes) {
            (Some(outlet), Some(spikes)) => {
                outlet.put(spikes.finish());
                Results { output: vec![0.0], ..results }
            }
            _ => results,
        }
    }

    /// The gradients of the output that come in factors.
    pub(crate) fn factored(&self) -> Vec<Arc<FactoredGradient>> {
        self.outlet.as_ref().map_or_else(Vec::new, Outlet::gradients)
    }

    /// The adjoint that is needed, where `upstream` gradients exist and gradients of some operands are `wanted`.
    pub(crate) fn request(&self, upstream: Results<bool>, wanted: Operands<bool>) -> Request {
        Request {
            output: upstream.output,
            finals: upstream.finals,
            traces: if upstream.traces { self.traces.clone() } else { vec![] },
            learnable: if wanted.params { self.learnable.clone() } else { vec![] },
            inputs: wanted.inputs,
            constant_input: self.constant_input,
        }
    }
}
