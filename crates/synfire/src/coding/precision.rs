//! The precision that scores, losses, penalties and rewards are computed in.

use burn::tensor::{DType, Tensor};

/// The tensor in single precision, differentiably: in half precision sums over time and neurons lose spikes or
/// overflow, and constants meet tensors of their own type.
pub(crate) fn single<const N: usize>(x: Tensor<N>) -> Tensor<N> {
    if x.dtype() == DType::F32 { x } else { x.cast(DType::F32) }
}
