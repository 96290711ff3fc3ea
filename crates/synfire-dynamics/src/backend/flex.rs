//! The engine's operations on the `flex` backend.

use super::linear::{LinearAdjoint, LinearBackend};
use super::tensors::CpuBackend;
use super::{ResultTuple, ScanAdjoint, ScanBackend, Upstream};
use crate::scan::{Operands, ScanSpec};
use crate::{kernel, product};
use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{Bytes, DType, Shape};
use std::sync::Arc;

fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape.into()), DType::F32)
}

fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice::<f32>().expect("the tensor was made contiguous, and its type checked before the scan")
}

impl CpuBackend for Flex {
    fn with_slices<const N: usize, R>(tensors: [FlexTensor; N], run: impl FnOnce([&[f32]; N]) -> R) -> R {
        let tensors = tensors.map(|x| x.to_contiguous());
        run(tensors.each_ref().map(slice))
    }

    fn from_values(values: Vec<f32>, shape: impl Into<Shape>) -> FlexTensor {
        tensor(values, shape)
    }
}

impl ScanBackend for Flex {
    fn scan_forward(
        inputs: FlexTensor,
        params: FlexTensor,
        initial: FlexTensor,
        spec: Arc<ScanSpec>,
    ) -> ResultTuple<Self> {
        let operands = Operands { inputs, params, initial }.map(|x| x.to_contiguous());
        let results = kernel::forward(&spec, operands.as_ref().map(slice));
        results.zip(spec.result_shapes()).map(|(values, shape)| tensor(values, shape)).into_array().into()
    }
}

impl ScanAdjoint for Flex {
    fn scan_backward(
        operands: Operands<FlexTensor>,
        upstream: Upstream<Self>,
        wanted: Operands<bool>,
        spec: &ScanSpec,
    ) -> Operands<Option<FlexTensor>> {
        let operands = operands.map(|x| x.to_contiguous());
        let upstream = upstream.map(|g| g.map(|g| g.to_contiguous()));
        let upstream = upstream.as_ref().map(|g| g.as_ref().map(slice));
        let gradients = kernel::backward(spec, operands.as_ref().map(slice), upstream, wanted);
        gradients.zip(operands).map(|(values, of)| Some(tensor(values?, of.shape())))
    }
}

impl LinearBackend for Flex {
    fn linear_forward(input: FlexTensor, weight: FlexTensor, bias: FlexTensor) -> FlexTensor {
        let [input, weight, bias] = [input, weight, bias].map(|x| x.to_contiguous());
        let shape = [input.shape()[0], weight.shape()[1]];
        tensor(product::forward(slice(&input), slice(&weight), slice(&bias)), shape)
    }
}

impl LinearAdjoint for Flex {
    fn input_gradient(gradient: FlexTensor, weight: FlexTensor) -> FlexTensor {
        let [gradient, weight] = [gradient, weight].map(|x| x.to_contiguous());
        let shape = [gradient.shape()[0], weight.shape()[0]];
        tensor(product::input_gradient(slice(&gradient), slice(&weight), weight.shape()[1]), shape)
    }

    fn weight_gradient(input: FlexTensor, gradient: FlexTensor) -> FlexTensor {
        let [input, gradient] = [input, gradient].map(|x| x.to_contiguous());
        let shape = [input.shape()[1], gradient.shape()[1]];
        tensor(product::weight_gradient(slice(&input), slice(&gradient), shape), shape)
    }

    fn bias_gradient(gradient: FlexTensor) -> FlexTensor {
        let gradient = gradient.to_contiguous();
        let outputs = gradient.shape()[1];
        tensor(product::bias_gradient(slice(&gradient), outputs), [outputs])
    }
}
