//! Events to results.

use super::layout::{LANES, Layout};
use super::pool::{Windows, Winners};
use super::pooled;
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

impl Operands<'_> {
    /// The bias of a block's channels.
    fn bias_of(&self, layout: &Layout, block: usize) -> [f32; LANES] {
        let [channel, channels] = layout.output_channels(block);
        let mut bias = [0.0; LANES];
        bias[..channels].copy_from_slice(&self.bias[channel..][..channels]);
        bias
    }
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
        let pooled_at_once = layout.blocks_pooled_at_once(windows);
        if pooled_at_once > 0 {
            return self.pooled_task(operands, columns, pooled_at_once, output);
        }
        let mut winners = vec![0; columns.frames() * blocks * won];
        let mut sums = Blocks::new(at_once, layout.output_block());
        let mut largest = Blocks::new(1, places * LANES);
        let largest = &mut largest.block(0)[..places * LANES];
        for (first, output) in (0..).step_by(at_once).zip(output.chunks_mut(at_once * frame)) {
            let count = output.len() / frame;
            for block in 0..blocks {
                let (group, [channel, channels]) = (block / layout.output_blocks(), layout.output_channels(block));
                let bias = operands.bias_of(layout, block);
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

    /// The same, of a few blocks of results at a time that are pooled in registers.
    fn pooled_task(
        &self,
        operands: &Operands<'_>,
        columns: &Columns,
        at_once: usize,
        output: &mut [MaybeUninit<f32>],
    ) -> Vec<u8> {
        let (layout, windows) = (&self.layout, operands.windows);
        let (places, frame) = (windows.places(layout), operands.bias.len() * windows.places(layout));
        let blocks = layout.groups * layout.output_blocks();
        let bias: Vec<[f32; LANES]> = (0..blocks).map(|block| operands.bias_of(layout, block)).collect();
        let mut winners = vec![0; columns.frames() * blocks * places * LANES];
        let mut largest = Blocks::new(1, at_once * places * LANES);
        let frames_at_once = layout.frames_at_once();
        for (first, output) in (0..).step_by(frames_at_once).zip(output.chunks_mut(frames_at_once * frame)) {
            for group in 0..layout.groups {
                for block in (0..layout.output_blocks()).step_by(at_once) {
                    let count = at_once.min(layout.output_blocks() - block);
                    let block = group * layout.output_blocks() + block;
                    let operands = pooled::Operands { weights: operands.weights, bias: &bias[block..][..count], block };
                    let largest = &mut largest.block(0)[..count * places * LANES];
                    for (at, output) in (first..).zip(output.chunks_exact_mut(frame)) {
                        let winners = &mut winners[(at * blocks + block) * places * LANES..][..largest.len()];
                        layout.add_and_pool(columns.tile(at, group), operands, largest, winners);
                        for (block, largest) in (block..).zip(largest.chunks_exact(places * LANES)) {
                            let [channel, channels] = layout.output_channels(block);
                            let output = &mut output[channel * places..][..channels * places];
                            layout.separate(largest, places, output, LANES);
                        }
                    }
                }
            }
        }
        winners
    }
}
