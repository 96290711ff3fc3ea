//! Convolutions as an operation of their own, with one node for their backward.

#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use crate::SpikeBits;
use crate::window::{Convolution, Pool};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// A backend with a convolution of its own, in `f32`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait ConvBackend: Backend {
    /// `[N, C, H, W]`, `[O, C / groups, kh, kw]` and `[O]` to `[N, O, oh, ow]`; with a pool, the largest value of each of
    /// its windows.
    fn convolution(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        sizes: Convolution,
        pool: Option<Pool>,
    ) -> FloatTensor<Self>;

    /// As [`convolution`](Self::convolution) for spikes, whose gradient goes to their `place` in the graph.
    fn convolution_of_spikes(
        place: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        spikes: SpikeBits,
        sizes: Convolution,
        pool: Option<Pool>,
    ) -> FloatTensor<Self>;
}

/// Whether there are kernels for spikes as bits.
pub(crate) fn reads_spikes(sizes: &Convolution) -> bool {
    #[cfg(any(feature = "flex", feature = "ndarray"))]
    {
        crate::conv::Lists::are_made_of_spikes(sizes)
    }
    #[cfg(not(any(feature = "flex", feature = "ndarray")))]
    {
        let _ = sizes;
        false
    }
}
