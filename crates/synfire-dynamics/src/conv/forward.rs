//! The result.

use super::TASKS;
use super::gather::{gather, scatter};
use super::lowering::Lowering;
use super::scratch::with_scratch;
use super::weights::{Order, pack};
use crate::memory::{Uninit, filled_rows};
use crate::product::{Matrix, MatrixMut};
use crate::window::Convolution;
use rayon::prelude::*;

/// `[N, O, oh, ow]` from `[N, C, H, W]`, weights `[O, C / groups, kh, kw]` and bias `[O]`.
pub(crate) fn forward(g: &Convolution, input: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let lowering = Lowering::new(g);
    let weights = pack(g, &lowering, weight, Order::Outputs);
    let (places, block) = (g.output_plane(), lowering.frames);
    let bias = bias.repeat(block);
    let mut output = Uninit::new(g.frames * g.output_frame());
    let task = lowering.frames_of_task(TASKS);
    let tasks = output.unwritten().par_chunks_mut(task * g.output_frame());
    tasks.zip(input.par_chunks(task * g.input_frame())).for_each(|(output, input)| {
        with_scratch([lowering.len(), lowering.gathered()], |[scratch, gathered]| {
            let blocks = output.chunks_mut(block * g.output_frame());
            for (output, input) in blocks.zip(input.chunks(block * g.input_frame())) {
                let count = input.len() / g.input_frame();
                let output = filled_rows(output, places, &bias[..output.len() / places]);
                for (group, weights) in weights.chunks_exact(g.group_weights()).enumerate() {
                    let matrix = lowering.matrix(&input[group * g.group_inputs()..], count, &mut *scratch);
                    let output = &mut output[group * g.group_outputs()..];
                    let to = if block > 1 {
                        let to = &mut gathered[..count * g.group_outputs()];
                        gather(output, g.output_frame(), places, to);
                        to
                    } else {
                        &mut output[..g.group_outputs()]
                    };
                    let weights = weights.chunks_exact(g.outputs * lowering.depth);
                    for (weights, matrix) in weights.zip(lowering.factors(matrix, count)) {
                        MatrixMut::new(to, count * places).add(Matrix::new(weights, lowering.depth), matrix);
                    }
                    if block > 1 {
                        scatter(&gathered[..count * g.group_outputs()], g.output_frame(), places, output);
                    }
                }
            }
        });
    });
    output.into_written()
}
