//! The engine's operations where Burn fuses: each waits in the queue like any other, then runs on the
//! backend underneath.

use super::RandomBackend;
use super::results::ResultTuple;
use super::scan::{ScanAdjoint, ScanBackend, Upstream};
use crate::CounterRng;
use crate::scan::{Operands, Results, ScanSpec};
use burn::backend::TensorMetadata;
use burn::backend::fusion::custom::{CustomOpIr, HandleContainer, OperationFn, OperationIr, StreamId, TensorIr};
use burn::backend::fusion::{Fusion, FusionBackend, FusionRuntime};
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Shape};
use std::sync::Arc;

/// Queues `run`, which maps the tensors of `inputs` to tensors of the given shapes and types.
fn queue<B: FusionBackend, const N: usize>(
    name: &'static str,
    inputs: Vec<FloatTensor<Fusion<B>>>,
    outputs: [(Shape, DType); N],
    run: impl Fn(Vec<FloatTensor<B>>) -> [FloatTensor<B>; N] + Send + Sync + 'static,
) -> [FloatTensor<Fusion<B>>; N] {
    let client = inputs[0].client.clone();
    let inputs: Vec<TensorIr> = inputs.into_iter().map(|x| x.into_ir()).collect();
    let outputs = outputs.map(|(shape, dtype)| TensorIr::uninit(client.create_empty_handle(), shape, dtype));
    let description =
        CustomOpIr { id: name.into(), inputs: inputs.clone(), outputs: outputs.to_vec(), scalars: vec![] };
    let operation =
        OperationFn(move |handles: &mut HandleContainer<<B::FusionRuntime as FusionRuntime>::FusionHandle>| {
            let inputs = inputs.iter().map(|x| handles.get_float_tensor::<B>(x)).collect();
            for (ir, output) in outputs.iter().zip(run(inputs)) {
                handles.register_float_tensor::<B>(&ir.id, output);
            }
            Ok(())
        });
    let tensors = client.register(StreamId::current(), OperationIr::Custom(description), operation);
    take(tensors)
}

impl<B: FusionBackend + ScanAdjoint> ScanBackend for Fusion<B> {
    fn scan_forward(
        inputs: FloatTensor<Self>,
        params: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        spec: Arc<ScanSpec>,
    ) -> ResultTuple<Self> {
        let dtypes = Results { output: inputs.dtype(), traces: inputs.dtype(), finals: initial.dtype() };
        let results = spec.result_shapes().zip(dtypes).into_array();
        let run = move |tensors: Vec<FloatTensor<B>>| {
            let [inputs, params, initial] = take(tensors);
            B::scan_forward(inputs, params, initial, spec.clone()).into()
        };
        queue::<B, _>("scan_forward", vec![inputs, params, initial], results, run).into()
    }
}

impl<B: FusionBackend + ScanAdjoint> ScanAdjoint for Fusion<B> {
    fn scan_backward(
        operands: Operands<FloatTensor<Self>>,
        upstream: Upstream<Self>,
        wanted: Operands<bool>,
        spec: &ScanSpec,
    ) -> Operands<Option<FloatTensor<Self>>> {
        // something must come out for what is not wanted: a single zero
        let gradients = operands.as_ref().zip(wanted).map(|(of, wanted)| match wanted {
            true => (of.shape(), of.dtype()),
            false => (Shape::from([1]), of.dtype()),
        });
        let present = upstream.as_ref().map(Option::is_some);
        let tensors = operands.into_array().into_iter().chain(upstream.into_array().into_iter().flatten()).collect();
        let spec = spec.clone();
        let run = move |mut tensors: Vec<FloatTensor<B>>| {
            let mut upstream = tensors.split_off(3).into_iter();
            let upstream = present.map(|present| present.then(|| upstream.next()).flatten());
            let operands = Operands::from_array(take(tensors));
            let (device, dtypes) = (operands.params.device(), operands.as_ref().map(|x| x.dtype()));
            let gradients = B::scan_backward(operands, upstream, wanted, &spec).zip(dtypes);
            let nothing = |dtype: DType| B::float_zeros(Shape::from([1]), &device, dtype.into());
            gradients.map(|(gradient, dtype)| gradient.unwrap_or_else(|| nothing(dtype))).into_array()
        };
        let gradients = queue::<B, _>("scan_backward", tensors, gradients.into_array(), run);
        Operands::from_array(gradients).zip(wanted).map(|(gradient, wanted)| wanted.then_some(gradient))
    }
}

impl<B: FusionBackend + RandomBackend> RandomBackend for Fusion<B> {
    fn uniform(indices: FloatTensor<Self>, rng: CounterRng, shape: [usize; 3]) -> FloatTensor<Self> {
        let output = (Shape::from(shape), indices.dtype());
        let run = move |tensors| {
            let [indices] = take(tensors);
            [B::uniform(indices, rng.clone(), shape)]
        };
        let [values] = queue::<B, _>("uniform", vec![indices], [output], run);
        values
    }
}

fn take<T, const N: usize>(tensors: Vec<T>) -> [T; N] {
    tensors.try_into().unwrap_or_else(|_| unreachable!("one tensor for each that was queued"))
}
