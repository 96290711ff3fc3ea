//! Convolutions of pictures that are mostly zeros, such as spikes: only what is not zero is multiplied.
//!
//! The events of a frame are listed column by column, so that those that a window sees in one of its columns are
//! one stretch of the list. A result is the sum of the weights of these events, for many output channels at once:
//! they are the lanes of registers, and the weights of an event lie side by side. Output channels, and input
//! channels if those are many, are divided into tiles whose weights stay in cache.

mod field;
mod forward;
mod lanes;
mod lists;
mod tiles;
mod weight;

pub(super) use field::Field;
pub(super) use forward::{forward, input_gradient};
pub(super) use weight::weight_gradient;
