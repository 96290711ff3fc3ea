//! The gradient of the results of a few frames, with neighbouring channels side by side.

use super::layout::{LANES, Layout};
use super::pool::{Windows, Winners};
use super::unpooled::Pooled;
use crate::memory::Blocks;
use core::ops::Range;

/// Upstream gradients of a few frames, `[group, place, channel]`, and their winners.
pub(super) struct Upstream<'a> {
    layout: &'a Layout,
    pub(super) windows: Windows,
    /// Channels of a group, in whole blocks.
    pub(super) stride: usize,
    places: usize,
    gradients: Blocks,
    frames: Range<usize>,
    winners: &'a [u8],
}

impl<'a> Upstream<'a> {
    /// With room for this many frames.
    pub(super) fn new(layout: &'a Layout, windows: Windows, frames: usize) -> Self {
        let (stride, places) = (layout.output_blocks() * LANES, windows.places(layout));
        let gradients = Blocks::new(frames, layout.groups * places * stride);
        Upstream { layout, windows, stride, places, gradients, frames: 0..0, winners: &[] }
    }

    /// Reads the gradients `[N, O, oh, ow]` of some frames of a task.
    pub(super) fn read(&mut self, frames: Range<usize>, gradient: &[f32], task: usize, winners: &'a Winners) {
        let (layout, places) = (self.layout, self.places);
        self.winners = &winners.tasks[task];
        for (at, frame) in gradient.chunks_exact(layout.groups * layout.outputs * places).enumerate() {
            for block in 0..layout.groups * layout.output_blocks() {
                let [channel, channels] = layout.output_channels(block);
                let planes = &frame[channel * places..][..channels * places];
                let to = self.start(block);
                layout.interleave(planes, places, &mut self.gradients.block(at)[to..], self.stride);
            }
        }
        self.frames = frames;
    }

    /// Number of frames.
    pub(super) fn count(&self) -> usize {
        self.frames.len()
    }

    /// Frames of the task.
    pub(super) fn frames(&self) -> Range<usize> {
        self.frames.clone()
    }

    /// Gradients of a block of a frame, and what follows it, places [`stride`](Self::stride) values apart; winners.
    pub(super) fn block(&self, at: usize, block: usize) -> (&[f32], &[u8]) {
        let layout = self.layout;
        let won = self.windows.winners(layout);
        let first = ((self.frames.start + at) * layout.groups * layout.output_blocks() + block) * won;
        (&self.gradients.get(at)[self.start(block)..], &self.winners[first..][..won])
    }

    /// The same of some neighbouring blocks of a group.
    pub(super) fn pooled(&self, at: usize, block: usize, blocks: usize) -> Pooled<'_> {
        let (layout, won) = (self.layout, self.windows.winners(self.layout));
        let first = ((self.frames.start + at) * layout.groups * layout.output_blocks() + block) * won;
        let (gradients, winners) =
            (&self.gradients.get(at)[self.start(block)..], &self.winners[first..][..blocks * won]);
        Pooled { blocks, gradients, stride: self.stride, winners }
    }

    /// Gradients of a group of a frame, `[place, channel]`.
    pub(super) fn group(&self, at: usize, group: usize) -> &[f32] {
        let len = self.places * self.stride;
        &self.gradients.get(at)[group * len..][..len]
    }

    /// Index of the first gradient of a block.
    fn start(&self, block: usize) -> usize {
        let blocks = self.layout.output_blocks();
        block / blocks * self.places * self.stride + block % blocks * LANES
    }
}
