//! Gradients of weights and input, from that of the results.

use super::layout::{LANES, Layout};
use super::pool::{Windows, Winners};
use super::weights::{Direction, unpack};
use super::{Columns, Lists};
use crate::memory::Blocks;
use rayon::prelude::*;

/// Values that the sums of all tasks may have together.
const SUMS: usize = 1 << 23;

impl Lists {
    /// Gradient of the weights, `[O, C / groups, kh, kw]`, from that of the [results](Self::forward).
    pub(crate) fn weight_gradient(&self, gradient: &[f32], winners: &Winners) -> Vec<f32> {
        let layout = &self.layout;
        let len = layout.groups * layout.outputs * layout.inputs * layout.kernel[0] * layout.kernel[1];
        // one sum for a few tasks, added up in their order
        let together = self.tasks.len().div_ceil((SUMS / len).max(2));
        let tasks: Vec<usize> = (0..self.tasks.len()).collect();
        let sums = tasks.par_chunks(together).map(|tasks| {
            let mut sums = Blocks::new(layout.weight_tiles(), layout.weights());
            tasks.iter().for_each(|i| add(&self.upstream(*i, gradient, winners), &self.tasks[*i], &mut sums));
            sums
        });
        let sums: Vec<Blocks> = sums.collect();
        let total = sums.into_iter().reduce(|mut total, sums| {
            for i in 0..layout.weight_tiles() {
                total.block(i).iter_mut().zip(sums.get(i)).for_each(|(total, x)| *total += x);
            }
            total
        });
        total.map_or_else(Vec::new, |total| unpack(layout, &total))
    }

    /// Gradient of the input, `[N, C, H, W]`, from that of the [results](Self::forward).
    pub(crate) fn input_gradient(&self, gradient: &[f32], winners: &Winners, weight: &[f32]) -> Vec<f32> {
        let (layout, transposed) = (&self.layout, self.layout.transposed());
        let blocks = layout.groups * layout.output_blocks();
        let lists = Lists::each(transposed, self.frames, self.task, |frames, columns| {
            let upstream = self.upstream(frames.start / self.task, gradient, winners);
            let mut to = Blocks::new(1, blocks * layout.output_block());
            let mut scratch = Blocks::new(1, upstream.results());
            for frame in 0..frames.len() {
                for (block, to) in to.block(0).chunks_exact_mut(layout.output_block()).enumerate() {
                    upstream.write(frame, block, scratch.block(0), to);
                }
                columns.push(&transposed, to.block(0), layout.row());
            }
        });
        let bias = vec![0.0; layout.groups * layout.inputs];
        lists.run(weight, Direction::Backward, &bias, Windows::NONE).0
    }

    fn upstream<'a>(&'a self, task: usize, gradient: &'a [f32], winners: &'a Winners) -> Upstream<'a> {
        let (layout, windows) = (&self.layout, winners.windows);
        let len = self.task * layout.groups * layout.outputs * windows.places(layout);
        let gradient = &gradient[task * len..];
        Upstream { layout, windows, gradient: &gradient[..len.min(gradient.len())], winners: &winners.tasks[task] }
    }
}

/// Gradient of the results of a task.
struct Upstream<'a> {
    layout: &'a Layout,
    windows: Windows,
    gradient: &'a [f32],
    winners: &'a [u8],
}

impl Upstream<'_> {
    /// Values of a block of results.
    fn results(&self) -> usize {
        self.windows.places(self.layout) * LANES
    }

    /// Writes the gradient that a block of a frame has before the pool.
    fn write(&self, frame: usize, block: usize, scratch: &mut [f32], to: &mut [f32]) {
        let (layout, places, won) = (self.layout, self.windows.places(self.layout), self.windows.winners(self.layout));
        let [channel, channels] = layout.output_channels(block);
        let first = frame * layout.groups * layout.outputs + channel;
        let results = &mut scratch[..self.results()];
        layout.interleave(&self.gradient[first * places..][..channels * places], places, results);
        let winners = (frame * layout.groups * layout.output_blocks() + block) * won;
        layout.spread(self.windows, results, &self.winners[winners..][..won], to);
    }
}

/// Adds the gradient that the weights have from the frames of a task.
fn add(upstream: &Upstream<'_>, columns: &Columns, sums: &mut Blocks) {
    let layout = upstream.layout;
    let (tiles, at_once) = (layout.input_tiles(), layout.frames_at_once());
    let mut gradients = Blocks::new(at_once, layout.output_block());
    let mut scratch = Blocks::new(1, upstream.results());
    for first in (0..columns.frames()).step_by(at_once) {
        let count = at_once.min(columns.frames() - first);
        for block in 0..layout.groups * layout.output_blocks() {
            let group = block / layout.output_blocks();
            for at in 0..count {
                upstream.write(first + at, block, scratch.block(0), gradients.block(at));
            }
            for tile in 0..tiles {
                let sums = sums.block(block * tiles + tile);
                for at in 0..count {
                    let events = columns.tile(first + at, group * tiles + tile);
                    layout.add_gradient(events, gradients.get(at), sums);
                }
            }
        }
    }
}
