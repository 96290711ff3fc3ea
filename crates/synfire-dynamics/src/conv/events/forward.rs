//! The result, and the gradient of the input, which is the result of the transposed convolution.

use super::field::Field;
use super::lanes::gather;
use super::lists::Lists;
use super::tiles::{pack, pack_transposed};
use crate::conv::TASKS;
use crate::conv::gather::transpose;
use crate::memory::{Uninit, filled};
use rayon::prelude::*;

/// Frames for which a tile of weights is loaded.
pub(super) const FRAMES: usize = 4;

/// `[N, O, oh, ow]` from `[N, C, H, W]`, weights `[O, C, kh, kw]` and bias `[O]`.
pub(in crate::conv) fn forward(field: &Field, input: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    convolve(field, input, &pack(field, weight), bias)
}

/// Gradient of the input, from that of the result and the weights of the convolution whose transpose this is.
pub(in crate::conv) fn input_gradient(field: &Field, gradient: &[f32], weight: &[f32]) -> Vec<f32> {
    convolve(field, gradient, &pack_transposed(field, weight), &vec![0.0; field.sizes.outputs])
}

fn convolve(field: &Field, input: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    let g = &field.sizes;
    let (from, to, task) = (g.input_frame(), g.output_frame(), g.frames.div_ceil(TASKS));
    let mut output = Uninit::new(g.frames * to);
    let tasks = output.unwritten().par_chunks_mut(task * to).zip(input.par_chunks(task * from));
    let scratch = || (Lists::new(field), vec![0.0; FRAMES * g.output_plane() * field.lanes]);
    tasks.for_each_init(scratch, |(lists, sums), (output, input)| {
        for (output, input) in output.chunks_mut(FRAMES * to).zip(input.chunks(FRAMES * from)) {
            lists.fill(field, input);
            some_frames(field, lists, weights, bias, sums, filled(output, 0.0));
        }
    });
    output.into_written()
}

/// The results of a few frames.
fn some_frames(field: &Field, lists: &Lists, weights: &[f32], bias: &[f32], sums: &mut [f32], output: &mut [f32]) {
    let g = &field.sizes;
    let (places, frame) = (g.output_plane(), g.output_frame());
    let [_, inputs] = field.tiles();
    for (tile, weights) in weights.chunks_exact(inputs * field.tile()).enumerate() {
        let first = tile * field.lanes;
        let bias = &bias[first..bias.len().min(first + field.lanes)];
        let frames = || output.len() / frame;
        for sums in sums.chunks_exact_mut(field.lanes) {
            sums[..bias.len()].copy_from_slice(bias);
            sums[bias.len()..].fill(0.0);
        }
        for (input, weights) in weights.chunks_exact(field.tile()).enumerate() {
            for (i, sums) in sums.chunks_exact_mut(places * field.lanes).enumerate().take(frames()) {
                gather(field, lists.get(field, i, input), weights, sums);
            }
        }
        for (sums, output) in sums.chunks_exact(places * field.lanes).zip(output.chunks_exact_mut(frame)) {
            transpose(sums, field.lanes, [places, bias.len()], &mut output[first * places..], places);
        }
    }
}
