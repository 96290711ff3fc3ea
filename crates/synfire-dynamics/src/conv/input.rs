//! The gradient of the input.

use super::TASKS;
use super::gather::gather;
use super::lowering::Lowering;
use super::scratch::with_scratch;
use super::weights::{Order, pack};
use crate::memory::{Uninit, filled};
use crate::product::{Matrix, MatrixMut};
use crate::window::Convolution;
use rayon::prelude::*;

/// Gradient of the input, `[N, C, H, W]`, from that of the result.
pub(crate) fn input_gradient(g: &Convolution, gradient: &[f32], weight: &[f32]) -> Vec<f32> {
    let lowering = Lowering::new(g);
    let weights = pack(g, &lowering, weight, Order::Rows);
    let (places, block) = (g.output_plane(), lowering.frames);
    let mut result = Uninit::new(g.frames * g.input_frame());
    let task = lowering.frames_of_task(TASKS);
    let tasks = result.unwritten().par_chunks_mut(task * g.input_frame());
    tasks.zip(gradient.par_chunks(task * g.output_frame())).for_each(|(result, gradient)| {
        with_scratch([lowering.len(), lowering.gathered()], |[scratch, gathered]| {
            let blocks = result.chunks_mut(block * g.input_frame());
            for (result, gradient) in blocks.zip(gradient.chunks(block * g.output_frame())) {
                let count = gradient.len() / g.output_frame();
                let result = filled(result, 0.0);
                for (group, weights) in weights.chunks_exact(g.group_weights()).enumerate() {
                    let gradient = &gradient[group * g.group_outputs()..];
                    let gradient = if block > 1 {
                        let to = &mut gathered[..count * g.group_outputs()];
                        gather(gradient, g.output_frame(), places, to);
                        &*to
                    } else {
                        &gradient[..g.group_outputs()]
                    };
                    let gradient = Matrix::new(gradient, count * places);
                    let result = &mut result[group * g.group_inputs()..];
                    if lowering.identity {
                        MatrixMut::new(&mut result[..g.group_inputs()], places)
                            .set(Matrix::new(weights, g.outputs), gradient);
                        continue;
                    }
                    let matrix = &mut scratch[..lowering.depth * count * lowering.plane];
                    multiply(&lowering, weights, gradient, [g.outputs, count * places], matrix);
                    lowering.raise(matrix, count, result);
                }
            }
        });
    });
    result.into_written()
}

/// The gradient of the matrix of a few frames.
fn multiply(
    lowering: &Lowering,
    weights: &[f32],
    gradient: Matrix<'_>,
    [outputs, places]: [usize; 2],
    matrix: &mut [f32],
) {
    let (shape, stride) = ([lowering.depth, places], matrix.len() / lowering.depth);
    if let [_] = lowering.starts[..] {
        return MatrixMut::strided(matrix, shape, stride).set(Matrix::new(weights, outputs), gradient);
    }
    matrix.fill(0.0);
    for (weights, start) in weights.chunks_exact(outputs * lowering.depth).zip(&lowering.starts) {
        MatrixMut::strided(&mut matrix[*start..], shape, stride).add(Matrix::new(weights, outputs), gradient);
    }
}
