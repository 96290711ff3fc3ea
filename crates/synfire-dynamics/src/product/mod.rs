//! The linear map on CPUs, `y = x W + b`, and its gradients.
//!
//! Each result is written once, into memory of its own, and does not depend on the number of threads:
//! what a task computes and the order in which it sums are given by the shapes alone.

pub(crate) mod dense;
mod events;
mod lanes;
mod narrow;
mod outer;
mod panels;

use crate::SpikeBits;
use crate::kernel::Isa;
pub(crate) use dense::{Matrix, MatrixMut};
pub(crate) use events::density;
pub(crate) use narrow::is_narrow;
use rayon::prelude::*;

/// The first factor of a linear map, in the form that its products take.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input<'a> {
    Dense(&'a [f32]),
    Spikes(&'a SpikeBits),
}

/// The inputs `x` as spikes, if they are some, and few or multiplied by few weights each.
pub(crate) fn spikes(x: &[f32], [inputs, outputs]: [usize; 2]) -> Option<SpikeBits> {
    if is_narrow(outputs) || events::pay_off(x, outputs) { SpikeBits::of(Isa::best(), x, inputs) } else { None }
}

/// `x W + b`. The length of the bias is the number of outputs.
pub(crate) fn forward(x: Input<'_>, weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let (inputs, outputs) = (weight.len() / bias.len(), bias.len());
    match x {
        Input::Spikes(x) if is_narrow(outputs) => narrow::product(x, weight, bias),
        Input::Spikes(x) if events::pay_off_for(x, outputs) => events::spikes_product(x, weight, bias),
        Input::Spikes(x) => forward(Input::Dense(&x.values()), weight, bias),
        Input::Dense(x) if events::pay_off(x, outputs) => events::product(x, inputs, weight, bias),
        Input::Dense(x) => {
            let mut y = bias.repeat(x.len() / inputs);
            dense::add(Matrix::new(x, inputs), Matrix::new(weight, outputs), &mut y);
            y
        }
    }
}

/// Gradient of the weights, `xᵀ g` of shape `[inputs, outputs]`, from the upstream gradient.
pub(crate) fn weight_gradient(x: Input<'_>, g: &[f32], [inputs, outputs]: [usize; 2]) -> Vec<f32> {
    match x {
        Input::Spikes(x) if is_narrow(outputs) => narrow::transposed_product(x, g, outputs),
        Input::Spikes(x) if events::pay_off_for(x, outputs) => events::spikes_transposed_product(x, g, outputs),
        Input::Spikes(x) => weight_gradient(Input::Dense(&x.values()), g, [inputs, outputs]),
        Input::Dense(x) if x.len() == inputs => outer::product(x, g),
        Input::Dense(x) if events::pay_off(x, outputs) => events::transposed_product(x, inputs, g, outputs),
        Input::Dense(x) => dense::product(Matrix::new(x, inputs).transposed(), Matrix::new(g, outputs)),
    }
}

/// Gradient of the input, `g Wᵀ`, from the upstream gradient.
pub(crate) fn input_gradient(g: &[f32], weight: &[f32], outputs: usize) -> Vec<f32> {
    dense::product(Matrix::new(g, outputs), Matrix::new(weight, outputs).transposed())
}

/// Gradient of the bias: the sum of the rows of the upstream gradient.
pub(crate) fn bias_gradient(g: &[f32], outputs: usize) -> Vec<f32> {
    // in parts of a fixed size: roundings do not pile up in one sum over thousands of rows
    const PART: usize = 64;
    let sum = |part: &[f32]| {
        let mut sum = vec![0.0; outputs];
        for row in part.chunks_exact(outputs) {
            sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        sum
    };
    let parts: Vec<f32> = g.par_chunks(PART * outputs).flat_map_iter(sum).collect();
    sum(&parts)
}

#[cfg(test)]
mod tests;
