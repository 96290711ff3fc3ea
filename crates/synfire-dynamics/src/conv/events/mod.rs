//! Convolutions of spikes, and of whatever else is mostly zero: only what is not zero is multiplied.
//!
//! The events of a frame are listed once, column by column ([`columns`]; from [`bits`] that are found in values, or from those
//! that come, in another [`order`]), and serve result and gradient of the weights. A row of results is summed in registers
//! ([`kernels`]); a max pool behind it works on results in registers ([`pooled`], [`unpooled`]) or in cache ([`pool`]), so that
//! those before the pool are never written. Behind a pool most results have no gradient: only those that have one add their
//! weights to the gradient of the input ([`scatter`]). Both gradients are made while the [`upstream`] one is in cache.
//!
//! Inside, neighbouring channels are neighbours in memory ([`planes`]).

mod bits;
mod columns;
mod forward;
mod gradients;
mod input;
mod kernels;
mod layout;
mod order;
mod planes;
mod pool;
mod pooled;
mod scatter;
mod strips;
mod unpooled;
mod upstream;
mod weights;

use super::TASKS;
use crate::kernel::Isa;
use crate::memory::Blocks;
use crate::product::density;
use crate::spikes::SpikeBits;
use crate::window::Convolution;
use columns::Columns;
use layout::{LANES, Layout};
use order::Order;
pub(crate) use pool::{Windows, Winners};
use rayon::prelude::*;
use std::ops::Range;

/// Density of the input up to which events are faster than matrix products, as measured.
const SPARSE: f32 = 0.4;
/// Places of results that a task has at least: it has sums and scratch memory of its own.
const PLACES: usize = 1024;
/// Output channels of a group from which they are: a register has as many at least.
const WIDE: usize = 8;

/// Events of the input of a convolution.
#[derive(Debug)]
pub(crate) struct Lists {
    layout: Layout,
    frames: usize,
    /// Frames of a task, and the events of each task's frames.
    task: usize,
    tasks: Vec<Columns>,
}

impl Lists {
    /// The events of an input `[N, C, H, W]`; `None` where matrix products are faster, or there are no kernels.
    pub(crate) fn of(g: &Convolution, input: &[f32]) -> Option<Self> {
        let layout = Layout::new(g, Isa::best())?;
        (g.outputs >= WIDE && density(input) < SPARSE).then(|| Self::new(layout, g.frames, input))
    }

    /// As [`of`](Self::of) for spikes, of which a row is a frame.
    pub(crate) fn of_spikes(g: &Convolution, spikes: &SpikeBits) -> Option<Self> {
        let layout = Layout::new(g, Isa::best())?;
        (g.outputs >= WIDE && spikes.density() < SPARSE).then(|| Self::new_of_spikes(layout, g.frames, spikes))
    }

    /// Whether there are kernels for spikes as bits.
    pub(crate) fn are_made_of_spikes(g: &Convolution) -> bool {
        g.outputs >= WIDE && Layout::new(g, Isa::best()).is_some()
    }

    fn new(layout: Layout, frames: usize, input: &[f32]) -> Self {
        let (places, blocks) = (layout.input_places(), layout.groups * layout.input_blocks());
        let frame = layout.groups * layout.inputs * places;
        Self::by_tasks(layout, frames, |columns, task| {
            let mut bits = vec![0.0; blocks * places];
            let mut interleaved = None;
            for frame in input[task.start * frame..task.end * frame].chunks_exact(frame) {
                let groups = frame.chunks_exact(layout.inputs * places);
                let mut planes = groups.flat_map(|group| group.chunks(LANES * places));
                if planes
                    .clone()
                    .zip(bits.chunks_exact_mut(places))
                    .all(|(planes, bits)| layout.bits(planes, places, bits))
                {
                    columns.push_spikes(&layout, &bits);
                    continue;
                }
                let to = interleaved.get_or_insert_with(|| Blocks::new(blocks, layout.input_block()));
                planes.by_ref().zip(to.values_mut().chunks_exact_mut(layout.input_block())).for_each(|(planes, to)| {
                    layout.interleave(planes, places, to, LANES);
                });
                columns.push(&layout, to.values());
            }
        })
    }

    fn new_of_spikes(layout: Layout, frames: usize, spikes: &SpikeBits) -> Self {
        let order = Order::new(&layout);
        Self::by_tasks(layout, frames, |columns, task| {
            let mut scratch = order.scratch();
            task.for_each(|frame| order.push(spikes.row(frame), &mut scratch, columns));
        })
    }

    /// Lists that `list` makes of the frames of each task.
    fn by_tasks(layout: Layout, frames: usize, list: impl Fn(&mut Columns, Range<usize>) + Sync) -> Self {
        let task = frames.div_ceil(TASKS).max(PLACES.div_ceil(layout.output[0] * layout.output[1]));
        let list = |first: usize| {
            let task = first..frames.min(first + task);
            let mut columns = Columns::new(&layout, task.len());
            list(&mut columns, task);
            columns
        };
        let tasks = (0..frames.div_ceil(task)).into_par_iter().map(|i| list(i * task)).collect();
        Lists { layout, frames, task, tasks }
    }
}

#[cfg(test)]
mod tests;
