//! The engine of Synfire: a neuron's equations are written once, as one generic function, and
//! everything else is an interpretation of it.
//!
//! A model is a [`Dynamics`]: records of named values ([`record!`]) and a `step` over an abstract
//! number ([`Real`]). A [`Scan`] runs it over time, as one differentiable operation on Burn tensors:
//!
//! - the step is written down once as a graph, and its adjoint by the chain rule in reverse;
//! - on CPUs both are code for a small machine whose registers are blocks of neurons: all steps of a
//!   tile of neurons while its states are in cache, and backward through time without a graph over time;
//! - on GPUs they are kernels, forward and backward;
//! - on every other backend the step runs as ordinary tensor operations.
//!
//! Between layers of neurons, [`linear`], [`conv2d`] and [`conv2d_max_pool2d`] multiply by weights, [`linear_spikes`] and
//! [`conv2d_spikes`] spikes that are bits; [`max_pool2d`], [`average_pool2d`] and [`sum_pool2d`] pool, [`batch_norm`] and
//! [`batch_norm_by`] normalise: kernels of their own on CPUs, Burn's operations elsewhere. [`cross_entropy`] is a loss,
//! [`adam_step`] and [`sgd_step`] move parameters.
//! [`CounterRng`] draws random numbers that are the same on every backend, and [`SpikeBits`] from them.
//!
//! This crate knows no neuron model; `synfire` has them.

mod backend;
mod batch_norm;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod conv;
mod convolution;
mod cross_entropy;
mod dynamics;
mod error;
mod fields;
mod graph;
mod kernel;
mod linear;
mod memory;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod norm;
mod number;
mod optimizer;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod pool;
mod pooling;
#[cfg(test)]
mod probe;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod product;
mod random;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod recurrent;
mod scan;
mod spikes;
#[cfg(test)]
mod testing;
mod window;

pub use backend::is_gpu;
pub use batch_norm::{batch_norm, batch_norm_by};
pub use convolution::{conv2d, conv2d_max_pool2d, conv2d_reads_spikes, conv2d_spikes};
pub use cross_entropy::cross_entropy;
pub use dynamics::Dynamics;
pub use error::ScanError;
pub use fields::{FieldInfo, Fields};
pub use graph::{Notation, Reached, formulas, reached};
pub use kernel::instruction_set;
pub use linear::{linear, linear_spikes};
pub use number::{Real, TensorArena, TensorNumber};
pub use optimizer::{AdamStep, SgdStep, WeightDecay, adam_step, sgd_step};
pub use pooling::{average_pool2d, max_pool2d, sum_pool2d};
pub use random::CounterRng;
pub use scan::{Connections, Feedback, Scan, ScanOutput};
pub use spikes::{SpikeBits, Spikes};
pub use window::Window2d;
