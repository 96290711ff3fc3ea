//! The values of spikes as an operation, with one node of the autodiff graph for their gradient.

#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use crate::SpikeBits;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// A backend whose layers hand spikes on as bits, in `f32`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait SpikesBackend: Backend {
    /// The spikes as values 0 and 1, `[T, B, N]`; the gradient goes to their `place` in the graph.
    fn spikes_values(place: FloatTensor<Self>, spikes: SpikeBits) -> FloatTensor<Self>;
}
