//! The engine's operations where Burn fuses: each waits in the queue like any other, then runs on the
//! backend underneath.

use super::{Plan, RandomBackend, ScanAdjoint, ScanBackend, ScanGradients, ScanOutput, Upstream};
use crate::CounterRng;
use burn::backend::TensorMetadata;
use burn::backend::fusion::custom::{CustomOpIr, HandleContainer, OperationFn, OperationIr, StreamId, TensorIr};
use burn::backend::fusion::{Fusion, FusionBackend, FusionRuntime};
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Shape};

/// Queues `run`, which takes as many tensors as `inputs` has and returns tensors of the given shapes.
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
        plan: Plan,
    ) -> ScanOutput<Self> {
        let [output, traces, finals] = plan.output_shapes();
        let shapes = [(output, inputs.dtype()), (traces, inputs.dtype()), (finals, initial.dtype())];
        let run = move |tensors: Vec<FloatTensor<B>>| {
            let [inputs, params, initial] = take(tensors);
            let out = B::scan_forward(inputs, params, initial, plan.clone());
            [out.output, out.traces, out.finals]
        };
        let [output, traces, finals] = queue::<B, _>("scan_forward", vec![inputs, params, initial], shapes, run);
        ScanOutput { output, traces, finals }
    }
}

impl<B: FusionBackend + ScanAdjoint> ScanAdjoint for Fusion<B> {
    fn scan_backward(
        inputs: FloatTensor<Self>,
        params: FloatTensor<Self>,
        initial: FloatTensor<Self>,
        upstream: Upstream<Self>,
        wants_inputs: bool,
        plan: &Plan,
    ) -> ScanGradients<Self> {
        let mut shapes = [&inputs, &params, &initial].map(|x| (x.shape(), x.dtype()));
        if !wants_inputs {
            shapes[0].0 = Shape::from([1]); // something must come out
        }
        let present = upstream.each_ref().map(Option::is_some);
        let tensors = [inputs, params, initial].into_iter().chain(upstream.into_iter().flatten()).collect();
        let plan = plan.clone();
        let run = move |mut tensors: Vec<FloatTensor<B>>| {
            let mut gradients = tensors.split_off(3).into_iter();
            let upstream = present.map(|present| present.then(|| gradients.next()).flatten());
            let [inputs, params, initial] = take(tensors);
            let out = B::scan_backward(inputs, params, initial, upstream, wants_inputs, &plan);
            let nothing = || B::float_zeros(Shape::from([1]), &out.params.device(), out.params.dtype().into());
            [out.inputs.unwrap_or_else(nothing), out.params, out.initial]
        };
        let [inputs, params, initial] = queue::<B, _>("scan_backward", tensors, shapes, run);
        ScanGradients { inputs: wants_inputs.then_some(inputs), params, initial }
    }
}

impl<B: FusionBackend + RandomBackend> RandomBackend for Fusion<B> {
    fn uniform(like: FloatTensor<Self>, rng: CounterRng, shape: [usize; 2]) -> FloatTensor<Self> {
        let output = (Shape::from(shape), like.dtype());
        let run = move |tensors| {
            let [like] = take(tensors);
            [B::uniform(like, rng, shape)]
        };
        let [numbers] = queue::<B, _>("uniform", vec![like], [output], run);
        numbers
    }
}

fn take<T, const N: usize>(tensors: Vec<T>) -> [T; N] {
    tensors.try_into().unwrap_or_else(|_| unreachable!("as many tensors arrive as were queued"))
}
