//! The linear map on CPUs, `y = x W + b`, and its gradients.
//!
//! Each result is written once, into memory of its own, and does not depend on the number of threads:
//! what a task computes and the order in which it sums are given by the shapes alone.

pub(crate) mod dense;
mod events;
mod lanes;

pub(crate) use dense::{Matrix, MatrixMut};
pub(crate) use events::density;
pub(crate) use lanes::dispatch;
use rayon::prelude::*;

/// `x W + b`. The length of the bias is the number of outputs.
pub(crate) fn forward(x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let (inputs, outputs) = (weight.len() / bias.len(), bias.len());
    let mut y = bias.repeat(x.len() / inputs);
    match events::pay_off(x, outputs) {
        true => events::add(x, inputs, weight, outputs, &mut y),
        false => dense::add(Matrix::new(x, inputs), Matrix::new(weight, outputs), &mut y),
    }
    y
}

/// Gradient of the weights, `xᵀ g` of shape `[inputs, outputs]`, from the upstream gradient.
pub(crate) fn weight_gradient(x: &[f32], g: &[f32], [inputs, outputs]: [usize; 2]) -> Vec<f32> {
    match events::pay_off(x, outputs) {
        true => {
            let mut weight = vec![0.0; inputs * outputs];
            events::add_transposed(x, inputs, g, outputs, &mut weight);
            weight
        }
        false => dense::product(Matrix::new(x, inputs).transposed(), Matrix::new(g, outputs)),
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
