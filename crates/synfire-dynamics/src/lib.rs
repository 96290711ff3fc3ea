//! The engine of Synfire: a neuron's equations are written once, as one generic function, and
//! everything else is an interpretation of it.
//!
//! A model is a [`Dynamics`]: records of named numbers ([`record!`]) and a `step` over abstract
//! numbers ([`Real`]). A [`Scan`] runs it over time, as one differentiable operation on Burn tensors:
//!
//! - forward on SIMD lanes, all steps of a tile of neurons while its states are in cache;
//! - backward through time without a graph: states recomputed tile by tile, the exact Jacobian of
//!   each step by [dual numbers](Dual);
//! - on GPUs as kernels that are traced from the same `step`, forward and backward;
//! - by ordinary tensor operations on every other backend.
//!
//! This crate knows no neuron model; `synfire` has them.

mod backend;
mod dynamics;
mod error;
mod fields;
mod kernel;
mod memory;
mod number;
#[cfg(test)]
mod probe;
mod scan;

pub use dynamics::Dynamics;
pub use error::ScanError;
pub use fields::{FieldInfo, Fields};
pub use number::{AllConstants, Dual, Empty, NoConstant, OneConstant, Real, Slots, TensorArena, TensorNumber};
pub use scan::{Scan, Scanned};
