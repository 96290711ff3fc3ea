//! Convolutions on CPUs.
//!
//! Frames are spread over the threads in parts of a fixed size, and sums over frames go from part to part in
//! their order: the result does not depend on the number of threads. Where few values are not zero, as behind
//! neurons, only those are multiplied ([`events`]); otherwise frames become matrices ([`dense`]).

mod dense;
mod events;
mod gather;

use crate::window::Convolution;
use events::Field;

/// Tasks into which the frames are divided.
const TASKS: usize = 64;

/// `[N, O, oh, ow]` from `[N, C, H, W]`, weights `[O, C / groups, kh, kw]` and bias `[O]`.
pub(crate) fn forward(g: &Convolution, input: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    match Field::new(g).filter(|field| field.pays_off(input)) {
        Some(field) => events::forward(&field, input, weight, bias),
        None => dense::forward(g, input, weight, bias),
    }
}

/// Gradient of the weights, `[O, C / groups, kh, kw]`, from that of the result.
pub(crate) fn weight_gradient(g: &Convolution, input: &[f32], gradient: &[f32]) -> Vec<f32> {
    match Field::new(g).filter(|field| field.pays_off(input)) {
        Some(field) => events::weight_gradient(&field, input, gradient),
        None => dense::weight_gradient(g, input, gradient),
    }
}

/// Gradient of the input, `[N, C, H, W]`, from that of the result: a convolution of it, which is mostly zeros if
/// a maximum of several values was taken.
pub(crate) fn input_gradient(g: &Convolution, gradient: &[f32], weight: &[f32]) -> Vec<f32> {
    let transposed = g.transposed().and_then(|transposed| Field::new(&transposed));
    match transposed.filter(|field| field.pays_off(gradient)) {
        Some(field) => events::input_gradient(&field, gradient, weight),
        None => dense::input_gradient(g, gradient, weight),
    }
}

/// Gradient of the bias, `[O]`, from that of the result.
pub(crate) fn bias_gradient(g: &Convolution, gradient: &[f32]) -> Vec<f32> {
    dense::bias_gradient(g, gradient)
}

/// Tasks that have a sum of this many values each.
fn tasks_with_sums(values: usize) -> usize {
    /// Values that all of them may have together.
    const SUMS: usize = 1 << 23;
    (SUMS / values).clamp(2, TASKS)
}

/// The sum of those of all tasks, in their order.
fn add_up(sums: Vec<Vec<f32>>) -> Vec<f32> {
    let mut sums = sums.into_iter();
    let mut total = sums.next().unwrap_or_default();
    for sum in sums {
        total.iter_mut().zip(&sum).for_each(|(total, x)| *total += x);
    }
    total
}

#[cfg(test)]
mod tests;
