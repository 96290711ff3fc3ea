//! The engine's operations on the `ndarray` backend.

use super::linear::{LinearAdjoint, LinearBackend};
use super::tensors::CpuBackend;
use super::{ResultTuple, ScanAdjoint, ScanBackend, Upstream};
use crate::scan::{Operands, ScanSpec};
use crate::{kernel, product};
use burn::backend::ndarray::NdArrayTensor;
use burn::backend::{NdArray, TensorMetadata};
use burn::tensor::Shape;
use ndarray::{ArcArray, CowArray, IxDyn};
use std::sync::Arc;

fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> NdArrayTensor {
    let shape = shape.into();
    let dims: Vec<usize> = (0..shape.num_dims()).map(|i| shape[i]).collect();
    ArcArray::from_shape_vec(IxDyn(&dims), values).expect("the kernel fills the shape").into()
}

fn contiguous(tensor: &NdArrayTensor) -> CowArray<'_, f32, IxDyn> {
    let NdArrayTensor::F32(storage) = tensor else { unreachable!("the type was checked before the scan") };
    let view = storage.view();
    if view.is_standard_layout() {
        CowArray::from(view)
    } else {
        CowArray::from(view.as_standard_layout().into_owned())
    }
}

fn slice<'a>(array: &'a CowArray<'_, f32, IxDyn>) -> &'a [f32] {
    array.as_slice().expect("the array was made contiguous")
}

impl CpuBackend for NdArray {
    fn with_slices<const N: usize, R>(tensors: [NdArrayTensor; N], run: impl FnOnce([&[f32]; N]) -> R) -> R {
        let arrays = tensors.each_ref().map(contiguous);
        run(arrays.each_ref().map(slice))
    }

    fn from_values(values: Vec<f32>, shape: impl Into<Shape>) -> NdArrayTensor {
        tensor(values, shape)
    }
}

impl ScanBackend for NdArray {
    fn scan_forward(
        inputs: NdArrayTensor,
        params: NdArrayTensor,
        initial: NdArrayTensor,
        spec: Arc<ScanSpec>,
    ) -> ResultTuple<Self> {
        let operands = Operands { inputs, params, initial };
        let operands = operands.as_ref().map(contiguous);
        let results = kernel::forward(&spec, operands.as_ref().map(slice));
        results.zip(spec.result_shapes()).map(|(values, shape)| tensor(values, shape)).into_array().into()
    }
}

impl ScanAdjoint for NdArray {
    fn scan_backward(
        operands: Operands<NdArrayTensor>,
        upstream: Upstream<Self>,
        wanted: Operands<bool>,
        spec: &ScanSpec,
    ) -> Operands<Option<NdArrayTensor>> {
        let slices = operands.as_ref().map(contiguous);
        let upstream = upstream.as_ref().map(|g| g.as_ref().map(contiguous));
        let upstream = upstream.as_ref().map(|g| g.as_ref().map(slice));
        let gradients = kernel::backward(spec, slices.as_ref().map(slice), upstream, wanted);
        gradients.zip(operands).map(|(values, of)| Some(tensor(values?, of.shape())))
    }
}

impl LinearBackend for NdArray {
    fn linear_forward(input: NdArrayTensor, weight: NdArrayTensor, bias: NdArrayTensor) -> NdArrayTensor {
        let [x, w, b] = [&input, &weight, &bias].map(contiguous);
        let shape = [input.shape()[0], weight.shape()[1]];
        tensor(product::forward(slice(&x), slice(&w), slice(&b)), shape)
    }
}

impl LinearAdjoint for NdArray {
    fn input_gradient(gradient: NdArrayTensor, weight: NdArrayTensor) -> NdArrayTensor {
        let [g, w] = [&gradient, &weight].map(contiguous);
        let shape = [gradient.shape()[0], weight.shape()[0]];
        tensor(product::input_gradient(slice(&g), slice(&w), weight.shape()[1]), shape)
    }

    fn weight_gradient(input: NdArrayTensor, gradient: NdArrayTensor) -> NdArrayTensor {
        let [x, g] = [&input, &gradient].map(contiguous);
        let shape = [input.shape()[1], gradient.shape()[1]];
        tensor(product::weight_gradient(slice(&x), slice(&g), shape), shape)
    }

    fn bias_gradient(gradient: NdArrayTensor) -> NdArrayTensor {
        let outputs = gradient.shape()[1];
        tensor(product::bias_gradient(slice(&contiguous(&gradient)), outputs), [outputs])
    }
}
