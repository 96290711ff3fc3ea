//! The scan and the product on `ndarray`.

use super::cpu::Slices;
use super::linear::{LinearAdjoint, LinearBackend};
use super::tensors::CpuBackend;
use super::{Plan, ScanAdjoint, ScanBackend, ScanGradients, ScanOutput, Upstream};
use crate::product;
use burn::backend::ndarray::NdArrayTensor;
use burn::backend::{NdArray, TensorMetadata};
use burn::tensor::Shape;
use ndarray::{ArcArray, CowArray, IxDyn};

fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> NdArrayTensor {
    let shape = shape.into();
    let dims: Vec<usize> = (0..shape.num_dims()).map(|i| shape[i]).collect();
    ArcArray::from_shape_vec(IxDyn(&dims), values).expect("the kernel returns as many numbers as the shape has").into()
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
        plan: Plan,
    ) -> ScanOutput<Self> {
        let args = [&inputs, &params, &initial].map(contiguous);
        let [inputs, params, initial_slice] = args.each_ref().map(slice);
        let out = Slices { inputs, params, initial: initial_slice }.forward(&plan);
        let [output, traces, finals] = plan.output_shapes();
        ScanOutput {
            output: tensor(out.output, output),
            traces: tensor(out.traces, traces),
            finals: tensor(out.finals, finals),
        }
    }
}

impl ScanAdjoint for NdArray {
    fn scan_backward(
        inputs: NdArrayTensor,
        params: NdArrayTensor,
        initial: NdArrayTensor,
        upstream: Upstream<Self>,
        wants_inputs: bool,
        plan: &Plan,
    ) -> ScanGradients<Self> {
        let args = [&inputs, &params, &initial].map(contiguous);
        let slices = {
            let [inputs, params, initial] = args.each_ref().map(slice);
            Slices { inputs, params, initial }
        };
        let upstream = upstream.each_ref().map(|g| g.as_ref().map(contiguous));
        let gradients = slices.backward(upstream.each_ref().map(|g| g.as_ref().map(slice)), wants_inputs, plan);
        ScanGradients {
            inputs: wants_inputs.then(|| tensor(gradients.inputs, inputs.shape())),
            params: tensor(gradients.params, params.shape()),
            initial: tensor(gradients.initial, initial.shape()),
        }
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
