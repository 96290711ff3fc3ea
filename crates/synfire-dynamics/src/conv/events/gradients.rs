//! Gradients of weights and input, from that of the results.

use super::input::{Gradient, Packed};
use super::layout::{LANES, Layout};
use super::pool::Winners;
use super::upstream::Upstream;
use super::weights::unpack;
use super::{Columns, Lists};
use crate::memory::{Blocks, Uninit};
use core::mem::{MaybeUninit, take};
use core::ops::Range;
use rayon::prelude::*;

/// Values that the sums of all tasks may have together.
const SUMS: usize = 1 << 23;

impl Lists {
    /// Gradient of the weights, `[O, C / groups, kh, kw]`, if it is wanted, and of the input, `[N, C, H, W]`, if there
    /// are weights, from that of the [results](Self::forward).
    pub(crate) fn gradients(
        &self,
        gradient: &[f32],
        winners: &Winners,
        of_weights: bool,
        weight: Option<&[f32]>,
    ) -> [Option<Vec<f32>>; 2] {
        let layout = &self.layout;
        let packed = weight.map(|weight| Packed::new(layout, winners.windows, weight));
        let frame = packed.as_ref().map_or(0, |_| layout.groups * layout.inputs * layout.input_places());
        let mut input = Uninit::new(self.frames * frame);
        // one sum for a few tasks, added up in their order
        let len = layout.groups * layout.outputs * layout.inputs * layout.kernel[0] * layout.kernel[1];
        let together = if of_weights { self.tasks.len().div_ceil((SUMS / len).max(2)) } else { 1 };
        let sums = self.parts(together, input.unwritten(), frame).into_par_iter().map(|(tasks, mut to)| {
            let mut sums = of_weights.then(|| Sums::new(layout));
            let mut of_input = packed.as_ref().map(Gradient::new);
            let at_once = layout.frames_at_once().max(packed.as_ref().map_or(1, Packed::frames_at_once));
            let mut upstream = Upstream::new(layout, winners.windows, at_once);
            let results = layout.groups * layout.outputs * winners.windows.places(layout);
            for task in tasks {
                let frames = self.tasks[task].frames();
                for first in (0..frames).step_by(at_once) {
                    let count = at_once.min(frames - first);
                    let gradient = &gradient[(task * self.task + first) * results..][..count * results];
                    upstream.read(first..first + count, gradient, task, winners);
                    if let Some(sums) = &mut sums {
                        sums.add(&upstream, &self.tasks[task]);
                    }
                    if let Some(of_input) = &mut of_input {
                        let (now, later) = take(&mut to).split_at_mut(count * frame);
                        to = later;
                        of_input.write(&upstream, now);
                    }
                }
            }
            sums.map(|sums| sums.weights)
        });
        let sums: Vec<Option<Blocks>> = sums.collect();
        [of_weights.then(|| total(layout, sums.into_iter().flatten())), packed.map(|_| input.into_written())]
    }

    /// Tasks in groups of a few, and the memory of each group's frames.
    fn parts<'a>(
        &self,
        together: usize,
        mut memory: &'a mut [MaybeUninit<f32>],
        frame: usize,
    ) -> Vec<(Range<usize>, &'a mut [MaybeUninit<f32>])> {
        let groups = (0..self.tasks.len()).step_by(together);
        let parts = groups.map(|first| {
            let tasks = first..self.tasks.len().min(first + together);
            let frames: usize = self.tasks[tasks.clone()].iter().map(Columns::frames).sum();
            let (part, rest) = take(&mut memory).split_at_mut(frames * frame);
            memory = rest;
            (tasks, part)
        });
        parts.collect()
    }
}

/// The gradient of the weights from some frames.
struct Sums<'a> {
    layout: &'a Layout,
    weights: Blocks,
    /// Gradients of a block of results before the pool.
    results: Blocks,
}

impl<'a> Sums<'a> {
    fn new(layout: &'a Layout) -> Self {
        let weights = Blocks::new(layout.weight_tiles(), layout.weights());
        Sums { layout, weights, results: Blocks::new(layout.frames_at_once(), layout.output_block()) }
    }

    /// Adds what a few frames give.
    fn add(&mut self, upstream: &Upstream<'_>, columns: &Columns) {
        let layout = self.layout;
        let (tiles, at_once) = (layout.input_tiles(), layout.frames_at_once());
        let pooled_at_once = layout.blocks_pooled_at_once(upstream.windows);
        if pooled_at_once > 0 {
            return self.add_pooled(upstream, columns, pooled_at_once);
        }
        for first in (0..upstream.count()).step_by(at_once) {
            let frames = first..upstream.count().min(first + at_once);
            for block in 0..layout.groups * layout.output_blocks() {
                for at in frames.clone() {
                    let (gradients, winners) = upstream.block(at, block);
                    let results = &mut self.results.block(at - first)[..layout.output_block()];
                    layout.spread(upstream.windows, gradients, upstream.stride, winners, results);
                }
                for tile in 0..tiles {
                    let weights = self.weights.block(block * tiles + tile);
                    for at in frames.clone() {
                        let tile = block / layout.output_blocks() * tiles + tile;
                        let events = columns.tile(upstream.frames().start + at, tile);
                        layout.add_gradient(events, self.results.get(at - first), weights);
                    }
                }
            }
        }
    }

    /// The same, of a few blocks of results at a time that were pooled in registers.
    fn add_pooled(&mut self, upstream: &Upstream<'_>, columns: &Columns, at_once: usize) {
        let (layout, size) = (self.layout, self.weights.lines() * LANES);
        let (frames_at_once, blocks) = (layout.frames_at_once(), layout.output_blocks());
        for first in (0..upstream.count()).step_by(frames_at_once) {
            for group in 0..layout.groups {
                for block in (0..blocks).step_by(at_once) {
                    let count = at_once.min(blocks - block);
                    let block = group * blocks + block;
                    let weights = &mut self.weights.values_mut()[block * size..][..count * size];
                    for at in first..upstream.count().min(first + frames_at_once) {
                        let events = columns.tile(upstream.frames().start + at, group);
                        layout.add_pooled_gradient(events, upstream.pooled(at, block, count), weights);
                    }
                }
            }
        }
    }
}

/// Sum of all parts in their order, `[O, C / groups, kh, kw]`.
fn total(layout: &Layout, sums: impl Iterator<Item = Blocks>) -> Vec<f32> {
    let total = sums.reduce(|mut total, sums| {
        total.values_mut().iter_mut().zip(sums.values()).for_each(|(total, x)| *total += x);
        total
    });
    total.map_or_else(Vec::new, |total| unpack(layout, &total))
}
