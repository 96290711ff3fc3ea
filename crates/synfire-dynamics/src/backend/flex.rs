//! The scan on `flex`.

use super::cpu::Slices;
use super::{Arriving, Plan, ScanAdjoint, ScanBackend, ScanGradients, ScanOutput};
use crate::Dynamics;
use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{Bytes, DType, Shape};

fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape.into()), DType::F32)
}

fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice::<f32>().expect("the tensor was made contiguous, and its type checked before the scan")
}

impl ScanBackend for Flex {
    fn scan_forward<D: Dynamics>(
        inputs: FlexTensor,
        constants: FlexTensor,
        initial: FlexTensor,
        model: D,
        plan: Plan,
    ) -> ScanOutput<Self> {
        let [inputs, constants, initial] = [inputs, constants, initial].map(|x| x.to_contiguous());
        let args = Slices { inputs: slice(&inputs), constants: slice(&constants), initial: slice(&initial) };
        let out = args.forward(model, &plan);
        let [output, traces, finals] = plan.output_shapes(initial.shape()[0]);
        ScanOutput {
            output: tensor(out.output, output),
            traces: tensor(out.traces, traces),
            finals: tensor(out.finals, finals),
        }
    }
}

impl ScanAdjoint for Flex {
    fn scan_backward<D: Dynamics>(
        inputs: FlexTensor,
        constants: FlexTensor,
        initial: FlexTensor,
        arriving: Arriving<Self>,
        model: D,
        plan: &Plan,
    ) -> ScanGradients<Self> {
        let [inputs, constants, initial] = [inputs, constants, initial].map(|x| x.to_contiguous());
        let arriving = arriving.map(|g| g.map(|g| g.to_contiguous()));
        let args = Slices { inputs: slice(&inputs), constants: slice(&constants), initial: slice(&initial) };
        let gradients = args.backward(arriving.each_ref().map(|g| g.as_ref().map(slice)), model, plan);
        ScanGradients {
            inputs: tensor(gradients.inputs, inputs.shape()),
            constants: tensor(gradients.constants, constants.shape()),
            initial: tensor(gradients.initial, initial.shape()),
        }
    }
}
