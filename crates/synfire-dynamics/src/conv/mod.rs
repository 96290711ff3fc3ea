//! Convolutions on CPUs: by matrix products of a few frames at a time, and by [`events`] where most inputs are zero.
//!
//! Frames are spread over the threads in parts of a fixed size, and sums over frames go from part to part in
//! their order: the result does not depend on the number of threads. No thread needs more memory than one
//! frame (or a few small ones) as a matrix.

mod bias;
mod events;
mod forward;
mod gather;
mod input;
mod lowering;
mod rows;
mod scratch;
mod weight;
mod weights;

pub(crate) use bias::bias_gradient;
pub(crate) use events::{Lists, Windows, Winners};
pub(crate) use forward::forward;
pub(crate) use input::input_gradient;
pub(crate) use weight::weight_gradient;

/// Tasks into which the frames are divided.
const TASKS: usize = 64;

#[cfg(test)]
mod tests;
