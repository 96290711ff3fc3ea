//! Delays of the inputs of a layer.

use super::activations::after_silence;
use super::cast;
use super::layer::transparent_module;
use crate::coding::Activations;
use crate::neuron::Parameter;
use burn::tensor::Tensor;

/// Delay of the inputs of a layer, in whole steps or between steps.
#[derive(Clone, Debug)]
pub(super) struct Delay {
    /// Between steps, in steps, `[1]` or one for each input, `[N]`; may learn.
    delay: Option<Parameter>,
    steps: usize,
    /// Longest delay between steps.
    longest: usize,
}

transparent_module!(Delay { inner: [], named: [delay], plain: [steps, longest] });

impl Delay {
    /// The same whole number of steps for all inputs.
    pub(super) fn whole(steps: usize) -> Self {
        Delay { delay: None, steps, longest: 0 }
    }

    /// Delays that may lie between steps and learn, at most `longest` steps.
    pub(super) fn between(delay: Parameter, longest: usize) -> Self {
        Delay { delay: Some(delay), steps: 0, longest }
    }

    /// Whole steps of the delay.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// The inputs when they arrive; `steps` are those of a sample.
    pub(super) fn apply(&self, input: Activations, steps: usize) -> Activations {
        match &self.delay {
            Some(delay) => between(input, delay, self.longest, steps),
            None => input.delayed(self.steps, steps),
        }
    }
}

/// Inputs after a delay between steps: of the two steps that it lies between, weighted.
///
/// ```text
/// y[t] = (1 - f) x[t - n] + f x[t - n - 1],   n the whole part of the delay, f the rest
/// ```
///
/// The gradient to the delay is that of `f`.
fn between(input: Activations, delay: &Parameter, longest: usize, steps: usize) -> Activations {
    let (delay, dtype) = (delay.value(), input.values.dtype());
    let count = delay.dims()[0];
    let delay = delay.reshape([1, 1, count]);
    let whole = delay.clone().detach().floor();
    let rest = delay - whole.clone();
    let weights: Vec<Tensor<3>> = (0..=longest + 1)
        .map(|n| {
            let is = |x: Tensor<3>| x.equal_scalar(n as f32).float();
            let weight = is(whole.clone()) * (-rest.clone() + 1.0) + is(whole.clone() + 1.0) * rest.clone();
            cast(weight, dtype)
        })
        .collect();
    let silent = (longest + 1).min(steps);
    input.map(|x| {
        // each delay is a part of it: joined for each by itself, Burn 0.22.1 spoils the zeros on GPUs
        let all = after_silence(x, silent, steps);
        let arrived = |n: usize| all.clone().narrow(0, silent - n.min(silent), steps) * weights[n].clone();
        (1..=longest + 1).fold(arrived(0), |sum, n| sum + arrived(n))
    })
}
