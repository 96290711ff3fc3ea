//! Cross-entropy as an operation of backends, with one node of the autodiff graph for its gradient.

#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, backend_extension};

/// A backend with a cross-entropy of its own.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait EntropyBackend: Backend {
    /// Mean over steps and samples of scores `[S, B, C]` for the classes of the samples, `[B]`, to `[1]`.
    fn cross_entropy(scores: FloatTensor<Self>, classes: IntTensor<Self>) -> FloatTensor<Self>;
}
