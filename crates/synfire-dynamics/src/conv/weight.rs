//! The gradient of the weights.

use super::TASKS;
use super::gather::transpose;
use super::lowering::Lowering;
use super::scratch::with_scratch;
use super::weights::unpack;
use crate::product::{Matrix, MatrixMut};
use crate::window::Convolution;
use rayon::prelude::*;

/// Values that the sums of all tasks may have together.
const SUMS: usize = 1 << 23;

/// Gradient of the weights, `[O, C / groups, kh, kw]`, from that of the result.
pub(crate) fn weight_gradient(g: &Convolution, input: &[f32], gradient: &[f32]) -> Vec<f32> {
    let lowering = Lowering::new(g);
    let weights = g.groups * g.group_weights();
    // one sum for each task, added up in their order
    let task = lowering.frames_of_task((SUMS / weights).clamp(2, TASKS));
    let tasks = input.par_chunks(task * g.input_frame()).zip(gradient.par_chunks(task * g.output_frame()));
    let sums: Vec<Vec<f32>> = tasks.map(|(input, gradient)| sum(g, &lowering, input, gradient)).collect();
    let mut total = vec![0.0; weights];
    for sum in sums {
        total.iter_mut().zip(&sum).for_each(|(total, x)| *total += x);
    }
    unpack(g, &lowering, &total)
}

/// The gradient from some frames: for each group and product, rows of the matrix by output channels.
fn sum(g: &Convolution, lowering: &Lowering, input: &[f32], gradient: &[f32]) -> Vec<f32> {
    let (places, block) = (g.output_plane(), lowering.frames);
    let mut sum = vec![0.0; g.groups * g.group_weights()];
    with_scratch([lowering.len(), block * g.group_outputs()], |[scratch, transposed]| {
        let blocks = gradient.chunks(block * g.output_frame());
        for (gradient, input) in blocks.zip(input.chunks(block * g.input_frame())) {
            let count = input.len() / g.input_frame();
            for (group, sum) in sum.chunks_exact_mut(g.group_weights()).enumerate() {
                let matrix = lowering.matrix(&input[group * g.group_inputs()..], count, &mut *scratch);
                let gradient = &gradient[group * g.group_outputs()..];
                for (i, to) in transposed.chunks_exact_mut(g.group_outputs()).enumerate().take(count) {
                    transpose(&gradient[i * g.output_frame()..][..to.len()], places, to);
                }
                let gradient = Matrix::new(&transposed[..count * g.group_outputs()], g.outputs);
                let sums = sum.chunks_exact_mut(g.outputs * lowering.depth);
                for (sum, matrix) in sums.zip(lowering.factors(matrix, count)) {
                    MatrixMut::new(sum, g.outputs).add(matrix, gradient);
                }
            }
        }
    });
    sum
}
