//! The gradient of the weights.

use super::field::Field;
use super::forward::FRAMES;
use super::lanes::scatter;
use super::lists::Lists;
use super::tiles::{empty, unpack};
use crate::conv::gather::transpose;
use crate::conv::{add_up, tasks_with_sums};
use rayon::prelude::*;

/// Gradient of the weights, `[O, C, kh, kw]`, from that of the result.
pub(in crate::conv) fn weight_gradient(field: &Field, input: &[f32], gradient: &[f32]) -> Vec<f32> {
    let g = &field.sizes;
    let task = g.frames.div_ceil(tasks_with_sums(empty(field).len()));
    let tasks = input.par_chunks(task * g.input_frame()).zip(gradient.par_chunks(task * g.output_frame()));
    let sums = tasks.map(|(input, gradient)| sum(field, input, gradient)).collect();
    unpack(field, &add_up(sums))
}

/// The gradient from some frames, in tiles.
fn sum(field: &Field, input: &[f32], gradient: &[f32]) -> Vec<f32> {
    let g = &field.sizes;
    let (places, [_, inputs]) = (g.output_plane(), field.tiles());
    let (mut lists, mut sum) = (Lists::new(field), empty(field));
    // lanes without a channel stay zero
    let mut transposed = vec![0.0; FRAMES * places * field.lanes];
    let blocks = gradient.chunks(FRAMES * g.output_frame());
    for (gradient, input) in blocks.zip(input.chunks(FRAMES * g.input_frame())) {
        lists.fill(field, input);
        let frames = gradient.len() / g.output_frame();
        for (tile, sum) in sum.chunks_exact_mut(inputs * field.tile()).enumerate() {
            let first = tile * field.lanes;
            let channels = field.lanes.min(g.outputs - first);
            if channels < field.lanes {
                transposed.fill(0.0);
            }
            let frames_of = gradient.chunks_exact(g.output_frame());
            for (gradient, to) in frames_of.zip(transposed.chunks_exact_mut(places * field.lanes)) {
                transpose(&gradient[first * places..], places, [channels, places], to, field.lanes);
            }
            for (input, sum) in sum.chunks_exact_mut(field.tile()).enumerate() {
                for (i, gradient) in transposed.chunks_exact(places * field.lanes).enumerate().take(frames) {
                    scatter(field, lists.get(field, i, input), gradient, sum);
                }
            }
        }
    }
    sum
}
