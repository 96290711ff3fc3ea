//! The kernels of a recurrent layer on CPUs.
//!
//! A task takes a few samples through all steps, so that their states and the weights stay in cache. Spikes go forward
//! as events, whose rows of weights are summed; the way back is dense, for a surrogate has a gradient everywhere: there
//! the weights are packed once and multiplied by in registers. Between them the kernels of the model run, one step at
//! a time.

mod backward;
mod bits;
mod by_neuron;
mod events;
mod factors;
mod feed;
mod forward;
mod gradient;
mod lanes;
mod layout;
mod line;
mod outputs;
mod rows;
mod walk_back;

pub(crate) use backward::{Past, backward};
pub(crate) use forward::{Kept, forward};
pub(crate) use outputs::Outputs;

#[cfg(test)]
mod tests;
