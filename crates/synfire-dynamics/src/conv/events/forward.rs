//! Events to results.

use super::layout::LANES;
use super::pool::{Windows, Winners};
use super::weights::pack;
use super::{Columns, Lists};
use crate::memory::{Blocks, Uninit};
use core::mem::MaybeUninit;
use rayon::prelude::*;

/// Operands that all tasks share.
struct Operands<'a> {
    weights: &'a Blocks,
    bias: &'a [f32],
    windows: Windows,
}

impl Lists {
    /// The largest result of each window, `[N, O, oh, ow]`, and which it is; weights `[O, C / groups, kh, kw]`, bias `[O]`.
    pub(crate) fn forward(&self, weight: &[f32], bias: &[f32], windows: Windows) -> (Vec<f32>, Winners) {
        let operands = Operands { weights: &pack(&self.layout, weight), bias, windows };
        let frame = bias.len() * windows.places(&self.layout);
        let mut output = Uninit::new(self.frames * frame);
        let tasks = output.unwritten().par_chunks_mut(self.task * frame).zip(&self.tasks);
        let tasks = tasks.map(|(output, columns)| self.task(&operands, columns, output)).collect();
        (output.into_written(), Winners { windows, tasks })
    }

    /// Results and winners of the frames of a task.
    fn task(&self, operands: &Operands<'_>, columns: &Columns, output: &mut [MaybeUninit<f32>]) -> Vec<u8> {
        let (layout, windows) = (&self.layout, operands.windows);
        let (places, tiles) = (windows.places(layout), layout.input_tiles());
        let (frame, won) = (operands.bias.len() * places, windows.winners(layout));
        let blocks = layout.groups * layout.output_blocks();
        let at_once = layout.frames_at_once();
        let mut winners = vec![0; columns.frames() * blocks * won];
        let mut sums = Blocks::new(at_once, layout.output_block());
        let mut largest = Blocks::new(1, places * LANES);
        let largest = &mut largest.block(0)[..places * LANES];
        for (first, output) in (0..).step_by(at_once).zip(output.chunks_mut(at_once * frame)) {
            let count = output.len() / frame;
            for block in 0..blocks {
                let (group, [channel, channels]) = (block / layout.output_blocks(), layout.output_channels(block));
                let mut bias = [0.0; LANES];
                bias[..channels].copy_from_slice(&operands.bias[channel..][..channels]);
                for at in 0..count {
                    layout.fill(&bias, sums.block(at));
                }
                for tile in 0..tiles {
                    let weights = operands.weights.get(block * tiles + tile);
                    for at in 0..count {
                        layout.add(columns.tile(first + at, group * tiles + tile), weights, sums.block(at));
                    }
                }
                for (at, output) in output.chunks_exact_mut(frame).enumerate() {
                    let winners = &mut winners[((first + at) * blocks + block) * won..][..won];
                    let largest = if windows == Windows::NONE && layout.row() == layout.output[1] {
                        sums.get(at)
                    } else {
                        layout.largest(windows, sums.block(at), largest, winners);
                        &*largest
                    };
                    layout.separate(largest, places, &mut output[channel * places..][..channels * places], LANES);
                }
            }
        }
        winners
    }
}
