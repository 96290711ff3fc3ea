//! The scan as ordinary tensor operations.

use super::{Scan, ScanOutput};
use crate::{Dynamics, Fields, TensorArena, TensorNumber};
use burn::backend::Dispatch;
use burn::tensor::{DType, Tensor};

/// Runs the scan step by step. Neurons are viewed as `[B, C, N / C]`, so that every constant broadcasts.
pub(super) fn run<D: Dynamics>(scan: Scan, model: D) -> ScanOutput {
    let [_, batch, neurons] = scan.inputs[0].dims();
    let mut bounds = scan.bounds.into_iter();
    let params = scan.params.into_iter().map(|param| match bounds.next().flatten() {
        Some(bound) => param.exp() + bound,
        None => param,
    });
    let constants = constants(&model, params.collect(), neurons, scan.dt);
    let lengths = constants.iter().map(|c| c.dims()[0]);
    let channels = lengths.into_iter().find(|&len| len != 1 && len != neurons).unwrap_or(neurons.max(1));
    let split = [batch, channels, neurons / channels.max(1)];

    let constants: Vec<Tensor<3>> = constants
        .into_iter()
        .map(|c| match c.dims()[0] {
            1 => c.reshape([1, 1, 1]),
            len if len == neurons => c.reshape([1, split[1], split[2]]),
            len if len == channels => c.reshape([1, len, 1]),
            // a second number of channels: expanded to one value per neuron
            len => c.reshape([len, 1]).expand([len, neurons / len]).reshape([1, split[1], split[2]]),
        })
        .collect();
    let device = scan.inputs[0].device();
    // inputs may be in half precision; states are not
    let (outer, inner) = (scan.inputs[0].dtype(), constants.first().map_or(DType::F32, |c| c.dtype()));
    let inputs: Vec<Vec<Tensor<3>>> = scan
        .inputs
        .into_iter()
        .map(|input| cast(input, inner).split(1, 0).into_iter().map(|row| row.reshape(split)).collect())
        .collect();
    let mut states: Vec<Tensor<3>> = match scan.initial.is_empty() {
        true => crate::dynamics::resting::<D>().into_iter().map(|value| Tensor::full(split, value, &device)).collect(),
        false => scan.initial.into_iter().map(|s| s.reshape(split)).collect(),
    };

    let mut output = Vec::with_capacity(scan.steps);
    let mut traces = vec![Vec::with_capacity(scan.steps); scan.traces.len()];
    for t in 0..scan.steps {
        let arena = TensorArena::<Dispatch>::default();
        let number = |x: &Tensor<3>| arena.number(x.clone().into_dispatch());
        let constants = Fields::from_fn(|k| number(&constants[k]));
        let mut state: D::State<TensorNumber<'_, Dispatch>> = Fields::from_fn(|k| number(&states[k]));
        let input = Fields::from_fn(|i| number(&inputs[i][t.min(inputs[i].len() - 1)]));
        let out = Tensor::<3>::from_dispatch(model.step(&constants, &mut state, input).tensor());
        output.push(out.expand(split).reshape([1, batch, neurons]));
        states = (0..states.len()).map(|k| Tensor::<3>::from_dispatch(state.get(k).tensor()).expand(split)).collect();
        for (trace, &k) in traces.iter_mut().zip(&scan.traces) {
            trace.push(states[k].clone().reshape([1, batch, neurons]));
        }
    }
    ScanOutput {
        output: cast(Tensor::cat(output, 0), outer),
        traces: traces.into_iter().map(|trace| cast(Tensor::cat(trace, 0), outer)).collect(),
        finals: states.into_iter().map(|s| s.reshape([batch, neurons])).collect(),
    }
}

fn cast(x: Tensor<3>, dtype: DType) -> Tensor<3> {
    if x.dtype() == dtype { x } else { x.cast(dtype) }
}

/// The constants of a step (see [`Dynamics::constants`]) from the model's parameters, differentiably.
fn constants<D: Dynamics>(model: &D, params: Vec<Tensor<1>>, neurons: usize, dt: f32) -> Vec<Tensor<1>> {
    let arena = TensorArena::<Dispatch>::default();
    let params: Vec<_> = broadcastable(params, neurons).into_iter().map(|p| arena.number(p.into_dispatch())).collect();
    let constants = model.constants(Fields::from_fn(|i| params[i]), dt);
    (0..<D::Constants<f32> as Fields<f32>>::LEN).map(|k| Tensor::from_dispatch(constants.get(k).tensor())).collect()
}

/// Expands the parameters until all longer than 1 have the same length, so that the equations can combine them.
fn broadcastable(params: Vec<Tensor<1>>, neurons: usize) -> Vec<Tensor<1>> {
    let mut lengths: Vec<usize> = params.iter().map(|p| p.dims()[0]).filter(|&len| len != 1).collect();
    lengths.dedup();
    let expand = |param: Tensor<1>| match param.dims()[0] {
        len if len == 1 || len == neurons || lengths.len() < 2 => param,
        len => param.reshape([len, 1]).expand([len, neurons / len]).reshape([neurons]),
    };
    params.into_iter().map(expand).collect()
}
