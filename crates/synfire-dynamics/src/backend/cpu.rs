//! Tensors of the CPU backends as slices, so that each operation is written once for all of them.

use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;

/// A backend whose `f32` tensors are in the memory of the process.
pub(crate) trait CpuBackend: Backend {
    /// Calls `run` with the values of each tensor in row-major order.
    fn with_slices<const N: usize, R>(tensors: [FloatTensor<Self>; N], run: impl FnOnce([&[f32]; N]) -> R) -> R;

    /// The tensor in row-major order, in memory that nobody else holds: its own, or a copy.
    fn into_owned(tensor: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Values of a tensor that is [owned](Self::into_owned).
    fn values_mut(tensor: &mut FloatTensor<Self>) -> &mut [f32];

    /// Creates a tensor from its values in row-major order.
    fn from_values(values: Vec<f32>, shape: impl Into<Shape>) -> FloatTensor<Self>;
}
