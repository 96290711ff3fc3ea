//! Tensors of the `ndarray` backend as slices.

use super::cpu::CpuBackend;
use burn::backend::NdArray;
use burn::backend::ndarray::NdArrayTensor;
use burn::tensor::Shape;
use ndarray::{ArcArray, CowArray, IxDyn};

const CHECKED: &str = "the type was checked before the operation";

impl CpuBackend for NdArray {
    fn with_slices<const N: usize, R>(tensors: [NdArrayTensor; N], run: impl FnOnce([&[f32]; N]) -> R) -> R {
        let arrays = tensors.each_ref().map(contiguous);
        run(arrays.each_ref().map(|array| array.as_slice().expect("the array was made contiguous")))
    }

    fn into_owned(tensor: NdArrayTensor) -> NdArrayTensor {
        let NdArrayTensor::F32(storage) = tensor else { unreachable!("{CHECKED}") };
        let array = storage.into_owned();
        match array.is_standard_layout() {
            true => array.into(),
            false => array.as_standard_layout().into_owned().into_shared().into(),
        }
    }

    fn values_mut(tensor: &mut NdArrayTensor) -> &mut [f32] {
        let NdArrayTensor::F32(storage) = tensor else { unreachable!("{CHECKED}") };
        storage.ensure_owned().as_slice_mut().expect("the array was made contiguous")
    }

    fn from_values(values: Vec<f32>, shape: impl Into<Shape>) -> NdArrayTensor {
        let shape = shape.into();
        let dims: Vec<usize> = (0..shape.num_dims()).map(|i| shape[i]).collect();
        ArcArray::from_shape_vec(IxDyn(&dims), values).expect("the values fill the shape").into()
    }
}

fn contiguous(tensor: &NdArrayTensor) -> CowArray<'_, f32, IxDyn> {
    let NdArrayTensor::F32(storage) = tensor else { unreachable!("{CHECKED}") };
    let view = storage.view();
    match view.is_standard_layout() {
        true => CowArray::from(view),
        false => CowArray::from(view.as_standard_layout().into_owned()),
    }
}
