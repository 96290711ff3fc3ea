//! Tensors of the CPU backends as slices: what an operation needs to be written once for all of them.

use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;

/// A backend whose `f32` tensors are in this process's memory.
pub(crate) trait CpuBackend: Backend {
    /// Runs with the values of tensors, row by row.
    fn with_slices<const N: usize, R>(tensors: [FloatTensor<Self>; N], run: impl FnOnce([&[f32]; N]) -> R) -> R;

    /// A tensor of these values.
    fn from_values(values: Vec<f32>, shape: impl Into<Shape>) -> FloatTensor<Self>;
}
