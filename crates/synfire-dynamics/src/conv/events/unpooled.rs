//! The gradient of the weights behind a max pool: that of two rows of results is put into registers from that of the pool.
#![allow(unsafe_code)]

use super::columns::Events;
use super::kernels::{each_event, rows_of, unroll};
use super::layout::{LANES, Layout};
use super::pooled::specialised;
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

/// Gradients of the largest results of some neighbouring blocks.
#[derive(Clone, Copy)]
pub(super) struct Pooled<'a> {
    pub(super) blocks: usize,
    /// From the first channel on; places are `stride` values apart.
    pub(super) gradients: &'a [f32],
    pub(super) stride: usize,
    /// `[block, place, lane]`.
    pub(super) winners: &'a [u8],
}

impl Layout {
    /// Adds to the weights of some neighbouring blocks their gradient, from that of the largest results of windows of
    /// two rows and columns.
    pub(super) fn add_pooled_gradient(&self, events: Events<'_>, upstream: Pooled<'_>, weights: &mut [f32]) {
        let (blocks, places) = (upstream.blocks, self.output[0] / 2 * (self.output[1] / 2));
        assert!((1..=2).contains(&blocks) && self.input_tiles() == 1, "other blocks");
        assert!(weights.len() >= blocks * self.weights(), "a tile of another size");
        assert!(events.starts.len() == self.input_places() + 1, "events of another size");
        assert!(upstream.winners.len() == blocks * places * LANES, "winners of another size");
        let layout = self;
        dispatch!(self.isa, add_pooled_gradient(
            layout: &Layout,
            events: Events<'_>,
            upstream: Pooled<'_>,
            weights: &mut [f32]
        ) -> ());
    }
}

#[inline(always)]
fn add_pooled_gradient<S: Simd>(layout: &Layout, events: Events<'_>, upstream: Pooled<'_>, weights: &mut [f32]) {
    specialised!(each_row::<S>, layout, events, upstream.blocks, (layout, events, upstream, weights));
}

#[allow(clippy::absurd_extreme_comparisons)] // the first column that is unrolled is 0
#[inline(always)]
fn each_row<S: Simd, const K: usize, const TILE: usize, const NV: usize, const VALUES: bool>(
    layout: &Layout,
    events: Events<'_>,
    upstream: Pooled<'_>,
    weights: &mut [f32],
) {
    assert_eq!(layout.tile(), TILE, "rows of other tiles");
    let [height, width] = layout.output.map(|places| places / 2);
    let (size, places) = (weights.len() / upstream.blocks, height * width);
    let first = |v: usize| v * S::LANES / LANES * size + v * S::LANES % LANES;
    let weights: [*mut f32; NV] = core::array::from_fn(|v| weights[first(v)..].as_mut_ptr());
    let winners = upstream.winners.as_chunks::<LANES>().0;
    // a step that the compiler does not know: it would unroll the short loops over events
    let one = std::hint::black_box(1);
    for y in 0..height * 2 {
        let (rows, from) = rows_of(layout, y);
        if rows.is_empty() {
            continue;
        }
        let weights = weights.map(|weights| weights.wrapping_offset(from * (K * LANES) as isize));
        for x in (0..width * 2).step_by(TILE) {
            let mut gradient = [[S::splat(0.0); NV]; TILE];
            unroll!(J < TILE / 2, {
                if x / 2 + J < width {
                    let place = y / 2 * width + x / 2 + J;
                    for block in 0..NV * S::LANES / LANES {
                        let winner = winners[block * places + place].map(f32::from);
                        for lane in (0..LANES).step_by(S::LANES) {
                            let v = (block * LANES + lane) / S::LANES;
                            let value = &upstream.gradients[place * upstream.stride + block * LANES + lane..];
                            // SAFETY: registers are read from slices of their length, or longer ones.
                            let (value, winner) = unsafe {
                                (S::load(value[..S::LANES].as_ptr()), S::load(winner[lane..][..S::LANES].as_ptr()))
                            };
                            let won =
                                |place: usize| S::select(winner.sub(S::splat(place as f32)), S::splat(0.0), value);
                            gradient[2 * J][v] = won(y % 2 * 2);
                            gradient[2 * J + 1][v] = won(y % 2 * 2 + 1);
                        }
                    }
                }
            });
            unroll!(J < TILE + K - 1, {
                // SAFETY: an event's row is among `rows`, so that with `from` its code is the index of a row of the
                // weights.
                unsafe {
                    each_event::<VALUES>(layout, events, x + J, &rows, one, |code, value| {
                        for kx in 0..K {
                            if J.wrapping_sub(kx) < TILE {
                                for v in 0..NV {
                                    let sum = weights[v].wrapping_add((code * K + kx) * LANES);
                                    let part = gradient[J - kx][v];
                                    let part = if VALUES { part.mul(S::splat(value)) } else { part };
                                    S::load(sum).add(part).store(sum);
                                }
                            }
                        }
                    });
                }
            });
        }
    }
}
