//! Convolutions by matrix products of a few frames at a time, whatever the values.
//!
//! No thread needs more memory than one frame (or a few small ones) as a matrix.

mod bias;
mod forward;
mod input;
mod lowering;
mod rows;
mod scratch;
mod weight;
mod weights;

pub(super) use bias::bias_gradient;
pub(super) use forward::forward;
pub(super) use input::input_gradient;
pub(super) use weight::weight_gradient;
