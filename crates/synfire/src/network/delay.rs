//! Delays of the inputs of a layer.

use super::cast;
use super::layer::transparent_module;
use crate::coding::Activations;
use crate::neuron::Parameter;
use burn::tensor::{DType, Tensor};

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

    /// Whether inputs arrive at once.
    pub(super) fn is_none(&self) -> bool {
        self.delay.is_none() && self.steps == 0
    }

    /// Whole steps of the delay.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// The inputs when they arrive. `waiting` are those that have not arrived before the first of these `steps`, none if
    /// there were none; afterwards those that have not arrived yet, where they are `kept`.
    pub(super) fn apply(
        &self,
        input: Activations,
        steps: usize,
        waiting: &mut Option<Activations>,
        kept: bool,
    ) -> Activations {
        let longest = if self.delay.is_some() { self.longest + 1 } else { self.steps };
        if longest == 0 {
            return input;
        }
        let held = if kept { longest } else { longest.min(steps) };
        let before = waiting.take().unwrap_or_else(|| input.silence(held));
        let all = input.after(before, steps);
        if kept {
            *waiting = Some(all.clone().part(steps, held));
        }
        match &self.delay {
            Some(delay) => between(&all, delay, [held, steps]),
            None => all.part(0, steps),
        }
    }
}

/// Inputs after a delay between steps: of the two steps that it lies between, weighted.
///
/// ```text
/// y[t] = (1 - f) x[t - n] + f x[t - n - 1],   n the whole part of the delay, f the rest
/// ```
///
/// `all` begins `held` steps before the first. The gradient to the delay is that of `f`.
fn between(all: &Activations, delay: &Parameter, [held, steps]: [usize; 2]) -> Activations {
    let (delay, dtype) = (delay.value(), all.values.dtype());
    let count = delay.dims()[0];
    let delay = delay.reshape([1, 1, count]);
    let whole = delay.clone().detach().floor();
    let rest = delay - whole.clone();
    let weight = |n: usize| {
        let is = |x: Tensor<3>| x.equal_scalar(n as f32).float();
        is(whole.clone()) * (-rest.clone() + 1.0) + is(whole.clone() + 1.0) * rest.clone()
    };
    // each delay is a part of what is joined once: joined for each by itself, Burn 0.22.1 spoils the zeros on GPUs;
    // those longer than a sample arrive after its end
    let weights: Vec<Tensor<3>> = (0..=held).map(weight).collect();
    all.clone().map(|x| {
        let x = cast(x, DType::F32);
        let arrived = |n: usize| x.clone().narrow(0, held - n, steps) * weights[n].clone();
        cast((1..=held).fold(arrived(0), |sum, n| sum + arrived(n)), dtype)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn arrived(delay: usize, parts: &[&[f32]]) -> Vec<f32> {
        let mut waiting = None;
        let part = |values: &&[f32]| {
            let steps = values.len();
            let x = Tensor::<1>::from_floats(*values, &Device::default()).reshape([steps, 1, 1]);
            let delayed = Delay::whole(delay).apply(x.into(), steps, &mut waiting, parts.len() > 1);
            delayed.values.into_data().try_into_vec::<f32>().unwrap()
        };
        parts.iter().flat_map(part).collect()
    }

    #[test]
    fn delays_shift_whole_series_and_their_parts_alike() {
        let whole = [1.0, 2.0, 3.0, 4.0, 5.0];
        for (delay, expected) in
            [(0, whole), (1, [0.0, 1.0, 2.0, 3.0, 4.0]), (3, [0.0, 0.0, 0.0, 1.0, 2.0]), (7, [0.0; 5])]
        {
            assert_eq!(arrived(delay, &[&whole]), expected);
            assert_eq!(arrived(delay, &[&whole[..1], &whole[1..3], &whole[3..]]), expected);
        }
    }
}
