//! The gradient of the input of a few frames.

use super::layout::{LANES, Layout};
use super::pool::Windows;
use super::strips::Strips;
use super::upstream::Upstream;
use crate::memory::Blocks;
use core::mem::MaybeUninit;

/// Weights, and their division into strips.
pub(super) struct Packed {
    strips: Strips,
    weights: Blocks,
}

impl Packed {
    /// Packs weights `[O, C / groups, kh, kw]`.
    pub(super) fn new(layout: &Layout, windows: Windows, weight: &[f32]) -> Self {
        let strips = Strips::new(layout, windows);
        let weights = strips.pack(weight);
        Packed { strips, weights }
    }

    /// Frames that are computed together.
    pub(super) fn frames_at_once(&self) -> usize {
        self.strips.frames_at_once()
    }
}

/// Scratch memory for the gradient of the input.
pub(super) struct Gradient<'a> {
    packed: &'a Packed,
    /// A bit for each output channel that has a gradient: `[group, tile, column, row]` of each frame.
    masks: Vec<Vec<u64>>,
    /// A block of input channels of each frame.
    planes: Blocks,
}

impl<'a> Gradient<'a> {
    pub(super) fn new(packed: &'a Packed) -> Self {
        let (strips, layout) = (&packed.strips, &packed.strips.layout);
        let masks = layout.groups * strips.tiles() * strips.places.len();
        // the frames of an upstream gradient may be more
        let frames = strips.frames_at_once().max(layout.frames_at_once());
        Gradient { packed, masks: vec![vec![0; masks]; frames], planes: Blocks::new(frames, strips.plane()) }
    }

    /// Writes the gradient `[N, C, H, W]` of a few frames.
    pub(super) fn write(&mut self, upstream: &Upstream<'_>, to: &mut [MaybeUninit<f32>]) {
        let Packed { strips, weights } = self.packed;
        let (layout, results, tiles) = (&strips.layout, strips.places.len(), strips.tiles());
        let count = upstream.count();
        for (at, masks) in self.masks.iter_mut().enumerate().take(count) {
            masks.fill(0);
            for block in 0..layout.groups * layout.output_blocks() {
                let (group, first) = (block / layout.output_blocks(), block % layout.output_blocks() * LANES);
                let (tile, shift) = (group * tiles + first / strips.outputs, first % strips.outputs);
                let masks = &mut masks[tile * results..][..results];
                let (gradients, winners) = upstream.block(at, block);
                layout.mark(upstream.windows, gradients, upstream.stride, winners, shift, masks);
            }
        }
        for group in 0..layout.groups {
            for block in 0..strips.blocks() {
                for at in 0..count {
                    self.planes.block(at).fill(0.0);
                }
                for tile in 0..tiles {
                    for part in 0..strips.rows.len() {
                        let weights = weights.get(strips.tile(group, block, tile) + part);
                        for at in 0..count {
                            let masks = &self.masks[at][(group * tiles + tile) * results..][..results];
                            let gradients = &upstream.group(at, group)[tile * strips.outputs..];
                            strips.scatter(part, masks, gradients, weights, self.planes.block(at));
                        }
                    }
                }
                let frame = layout.groups * layout.inputs * layout.input_places();
                for (at, to) in to.chunks_exact_mut(frame).enumerate() {
                    let first = group * layout.inputs + block * strips.channels;
                    let channels = strips.channels.min(layout.inputs - block * strips.channels);
                    let to = &mut to[first * layout.input_places()..][..channels * layout.input_places()];
                    strips.crop(self.planes.block(at));
                    layout.separate(self.planes.get(at), layout.input_places(), to, strips.channels);
                }
            }
        }
    }
}
