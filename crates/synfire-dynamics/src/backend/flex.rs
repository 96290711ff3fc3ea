//! Tensors of the `flex` backend as slices.

use super::cpu::CpuBackend;
use burn::backend::Flex;
use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, DType, Shape};

impl CpuBackend for Flex {
    fn with_slices<const N: usize, R>(tensors: [FlexTensor; N], run: impl FnOnce([&[f32]; N]) -> R) -> R {
        let tensors = tensors.map(|x| x.to_contiguous());
        run(tensors.each_ref().map(|x| x.as_slice().expect("the tensor is contiguous, and its type was checked")))
    }

    fn into_owned(tensor: FlexTensor) -> FlexTensor {
        let owned = tensor.to_contiguous();
        match owned.layout().contiguous_offsets() {
            Some((0, end)) if end == owned.storage::<f32>().len() => owned,
            // a part of a larger tensor
            _ => FlexTensor::from_data(owned.into_data()),
        }
    }

    fn values_mut(tensor: &mut FlexTensor) -> &mut [f32] {
        tensor.storage_mut()
    }

    fn from_values(values: Vec<f32>, shape: impl Into<Shape>) -> FlexTensor {
        FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape.into()), DType::F32)
    }
}
