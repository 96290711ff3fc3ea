//! The scan as ordinary tensor operations.

use super::{Scan, ScanOutput};
use crate::dynamics::resting;
use crate::{Dynamics, Fields, TensorArena, TensorNumber};
use burn::backend::Dispatch;
use burn::tensor::{DType, Tensor};

/// A model that computes with tensors.
pub(super) trait TensorModel {
    /// Resting value of each state.
    fn resting(&self) -> Vec<f32>;

    /// The constants of a step (see [`Dynamics::constants`]) from the model's parameters, differentiably.
    fn constants(&self, params: Vec<Tensor<1>>, dt: f32) -> Vec<Tensor<1>>;

    /// Advances the states by a step and returns the output.
    fn step(&self, constants: &[Tensor<3>], states: &mut [Tensor<3>], inputs: &[Tensor<3>]) -> Tensor<3>;
}

impl<D: Dynamics> TensorModel for D {
    fn resting(&self) -> Vec<f32> {
        resting::<D>()
    }

    fn constants(&self, params: Vec<Tensor<1>>, dt: f32) -> Vec<Tensor<1>> {
        let arena = TensorArena::<Dispatch>::default();
        let params: Vec<_> = params.into_iter().map(|param| arena.number(param.into_dispatch())).collect();
        let constants = Dynamics::constants(self, Fields::from_fn(|i| params[i]), dt);
        (0..<D::Constants<f32> as Fields<f32>>::LEN).map(|k| Tensor::from_dispatch(constants.get(k).tensor())).collect()
    }

    fn step(&self, constants: &[Tensor<3>], states: &mut [Tensor<3>], inputs: &[Tensor<3>]) -> Tensor<3> {
        let arena = TensorArena::<Dispatch>::default();
        let number = |x: &Tensor<3>| arena.number(x.clone().into_dispatch());
        let constants = Fields::from_fn(|k| number(&constants[k]));
        let mut state: D::State<TensorNumber<'_, Dispatch>> = Fields::from_fn(|k| number(&states[k]));
        let output = Dynamics::step(self, &constants, &mut state, Fields::from_fn(|i| number(&inputs[i]))).tensor();
        states.iter_mut().enumerate().for_each(|(k, next)| *next = Tensor::from_dispatch(state.get(k).tensor()));
        Tensor::from_dispatch(output)
    }
}

/// Runs the scan step by step. Neurons are viewed as `[B, C, N / C]`, so that every constant broadcasts.
pub(super) fn run(scan: Scan, model: &dyn TensorModel) -> ScanOutput {
    let [_, batch, neurons] = scan.inputs[0].dims();
    let mut bounds = scan.bounds.into_iter();
    let params = scan.params.into_iter().map(|param| match bounds.next().flatten() {
        Some(bound) => param.exp() + bound,
        None => param,
    });
    let constants = model.constants(broadcastable(params.collect(), neurons), scan.dt);
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
        true => model.resting().into_iter().map(|value| Tensor::full(split, value, &device)).collect(),
        false => scan.initial.into_iter().map(|s| s.reshape(split)).collect(),
    };

    let mut output = Vec::with_capacity(scan.steps);
    let mut traces = vec![Vec::with_capacity(scan.steps); scan.traces.len()];
    for t in 0..scan.steps {
        let inputs: Vec<_> = inputs.iter().map(|rows| rows[t.min(rows.len() - 1)].clone()).collect();
        let out = model.step(&constants, &mut states, &inputs);
        output.push(out.expand(split).reshape([1, batch, neurons]));
        states = states.into_iter().map(|state| state.expand(split)).collect();
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
