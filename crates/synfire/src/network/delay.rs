//! Delays between steps, which can learn.

use super::flow::{Flow, after_silence};
use crate::neuron::Parameter;
use burn::tensor::Tensor;

/// What arrives after a delay of `steps` that need not be whole: of the two steps that it lies between, weighted.
///
/// ```text
/// y[t] = (1 - f) x[t - n] + f x[t - n - 1],   n the whole part of the delay, f the rest
/// ```
///
/// The gradient to the delay is that of `f`. One number for all inputs or one for each; `max` is the longest.
pub(super) fn between(flow: Flow, delay: &Parameter, max: usize, steps: usize) -> Flow {
    let delay = delay.value();
    let count = delay.dims()[0];
    let delay = delay.reshape([1, 1, count]);
    let whole = delay.clone().detach().floor();
    let rest = delay - whole.clone();
    let weights: Vec<Tensor<3>> = (0..=max + 1)
        .map(|n| {
            let is = |x: Tensor<3>| x.equal_scalar(n as f32).float();
            is(whole.clone()) * (-rest.clone() + 1.0) + is(whole.clone() + 1.0) * rest.clone()
        })
        .collect();
    let longest = (max + 1).min(steps);
    flow.map(|x| {
        // each delay is a part of it: joined for each by itself, Burn 0.22.1 spoils the zeros on GPUs
        let all = after_silence(x, longest, steps);
        let arrived = |n: usize| all.clone().narrow(0, longest - n.min(longest), steps) * weights[n].clone();
        (1..=max + 1).fold(arrived(0), |sum, n| sum + arrived(n))
    })
}
