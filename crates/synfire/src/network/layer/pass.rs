//! One call of a layer: which steps, and what it should remember and record.

use burn::tensor::Tensor;
use synfire_dynamics::CounterRng;

/// State of a layer between two calls, `[B, N]` per tensor; empty before the first step and for layers without one.
#[derive(Clone, Debug, Default)]
pub struct LayerState(pub Vec<Tensor<2>>);

/// States of neurons that a call records beside their output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// Membrane potential after each step; otherwise only after the last one.
    pub potential: bool,
    /// Time of each spike within its step, where the model has one.
    pub spike_times: bool,
}

/// One call of a [`Layer`](super::Layer): over all steps of a sample, or over one step of a cycle.
#[derive(Debug)]
pub struct Pass {
    /// Steps of this call. An input that stays the same over them may be `[1, B, N]`.
    pub steps: usize,
    /// Random numbers of this layer, from the first step of this call on.
    pub rng: CounterRng,
    /// State after the step before; the layer leaves the one after its last step.
    pub state: LayerState,
    /// States to record.
    pub recording: Recording,
}

impl Pass {
    /// Random numbers of step `t` of this call and those after it.
    #[must_use]
    pub fn rng_at(&self, t: usize) -> CounterRng {
        self.rng.clone().at_step(self.rng.first_step + t)
    }
}
