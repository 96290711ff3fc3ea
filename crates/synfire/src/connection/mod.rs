//! Connections between layers of neurons as Burn modules: products that cost as much as there are spikes, and
//! convolutions with CPU kernels of their own.

mod conv1d;
mod conv2d;
mod frames;
mod linear;

pub use conv1d::{EventConv1d, EventConv1dConfig};
pub use conv2d::{EventConv2d, EventConv2dConfig};
pub use linear::{EventLinear, EventLinearConfig};

use burn::tensor::Tensor;

/// `gain x`; the tensor itself where the gain is 1.
pub(crate) fn amplified<const D: usize>(x: Tensor<D>, gain: f32) -> Tensor<D> {
    if gain == 1.0 { x } else { x * gain }
}
