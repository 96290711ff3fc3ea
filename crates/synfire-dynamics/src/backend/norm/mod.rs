//! Batch normalisation as an operation of its own, with one node for its backward.

#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, ExtensionType, backend_extension};

/// Results of batch normalisation.
#[derive(ExtensionType, Debug)]
pub(crate) struct Normed<B: Backend> {
    /// `[M, C, S]`
    pub output: FloatTensor<B>,
    /// `[C]`
    pub mean: FloatTensor<B>,
    /// `[C]`
    pub variance: FloatTensor<B>,
}

/// A backend with a batch normalisation of its own, in `f32`.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub(crate) trait NormBackend: Backend {
    /// `[M, C, S]`, `[C]` and `[C]` to the input's shape.
    fn normalise(
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
    ) -> Normed<Self>;

    /// The same with a given mean and variance, `[C]`.
    fn normalise_by(
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        epsilon: f32,
    ) -> FloatTensor<Self>;
}
