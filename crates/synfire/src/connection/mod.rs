//! Connections between layers of neurons as Burn modules: products and convolutions that are fast where their inputs
//! are spikes.

mod conv1d;
mod conv2d;
mod frames;
mod linear;

pub use conv1d::{EventConv1d, EventConv1dConfig};
pub use conv2d::{EventConv2d, EventConv2dConfig};
pub use linear::{EventLinear, EventLinearConfig};
