//! Forward: every step of one tile of neurons, states in cache.

use super::isa::{Isa, Kernel};
use super::layout::{Layout, Rows, column, load, load_column, store, tiles_mut};
use crate::memory::Uninit;
use crate::number::Lanes;
use crate::number::simd::Simd;
use crate::{Dynamics, Fields};
use core::mem::MaybeUninit;
use rayon::prelude::*;

/// What a scan starts from.
#[derive(Clone, Debug)]
pub(crate) struct ForwardArgs<'a, D> {
    pub(crate) model: D,
    pub(crate) layout: Layout,
    /// `[I, T, plane]`, or `[I, 1, plane]` where the inputs stay the same.
    pub(crate) inputs: Rows<'a>,
    /// The numbers of all constants, one after the other.
    pub(crate) constants: &'a [f32],
    /// How many numbers each constant has: one, one per channel or one per neuron.
    pub(crate) columns: &'a [usize],
    /// `[S, plane]`, or `[S]` where all neurons start alike.
    pub(crate) initial: &'a [f32],
    /// States to record.
    pub(crate) traces: &'a [usize],
}

/// What a scan leaves behind.
#[derive(Debug)]
pub(crate) struct Scanned {
    /// `[T, plane]`
    pub(crate) output: Vec<f32>,
    /// `[K, T, plane]`: the states asked for, after each step.
    pub(crate) traces: Vec<f32>,
    /// `[S, plane]`
    pub(crate) finals: Vec<f32>,
}

/// A value for each chunk of lanes, or one for all of them.
pub(super) struct PerChunk<T> {
    values: Vec<T>,
    stride: usize,
}

impl<T> PerChunk<T> {
    #[inline(always)]
    pub(super) fn of(&self, chunk: usize) -> &T {
        &self.values[chunk * self.stride]
    }
}

impl<'a, D: Dynamics> ForwardArgs<'a, D> {
    pub(super) const INPUTS: usize = <D::Input<f32> as Fields<f32>>::LEN;
    pub(super) const STATES: usize = <D::State<f32> as Fields<f32>>::LEN;

    /// Constants of a tile, spread over its chunks of lanes; a single set where all neurons share them,
    /// which leaves more of the first-level cache to the states.
    #[inline(always)]
    pub(super) fn constant_chunks<S: Simd>(&self, start: usize, len: usize) -> PerChunk<D::Constants<Lanes<S>>> {
        let shared = self.columns.iter().all(|&len| len == 1);
        let chunks = if shared { 1 } else { len.div_ceil(S::LANES) };
        let load = |chunk: usize| {
            let at = start + chunk * S::LANES;
            Fields::from_fn(|k| load_column(column(self.constants, self.columns, k), at, &self.layout))
        };
        PerChunk { values: (0..chunks).map(load).collect(), stride: usize::from(!shared) }
    }

    /// Initial states of a tile.
    #[inline(always)]
    pub(super) fn initial_chunks<S: Simd>(&self, start: usize, len: usize) -> Vec<D::State<Lanes<S>>> {
        let rows = Rows::new(self.initial, &self.layout);
        let state = |chunk: usize, k: usize| match self.starts_alike() {
            true => Lanes::splat(self.initial[k]),
            false => load(rows.stretch(k, start, len), chunk * S::LANES),
        };
        (0..len.div_ceil(S::LANES)).map(|chunk| Fields::from_fn(|k| state(chunk, k))).collect()
    }

    pub(super) fn starts_alike(&self) -> bool {
        self.initial.len() == Self::STATES
    }

    /// Rows that each input has: one per step, or a single one.
    pub(super) fn input_rows(&self) -> usize {
        self.inputs.count() / Self::INPUTS
    }

    /// A tile's inputs at step `t`.
    #[inline(always)]
    pub(super) fn inputs_at(&self, t: usize, start: usize, len: usize) -> D::Input<&'a [f32]> {
        let rows = self.input_rows();
        Fields::from_fn(
            #[inline(always)]
            |i| self.inputs.stretch(i * rows + t.min(rows - 1), start, len),
        )
    }
}

/// Runs the model over all steps.
pub(crate) fn forward<D: Dynamics>(args: &ForwardArgs<'_, D>) -> Scanned {
    forward_on(Isa::best(), args)
}

pub(super) fn forward_on<D: Dynamics>(isa: Isa, args: &ForwardArgs<'_, D>) -> Scanned {
    let layout = &args.layout;
    let (steps, plane, tile) = (layout.steps, layout.plane(), layout.tile(1));
    let mut output = Uninit::new(steps * plane);
    let mut traces = Uninit::new(args.traces.len() * steps * plane);
    let mut finals = Uninit::new(ForwardArgs::<D>::STATES * plane);

    let tiles: Vec<_> = layout
        .tiles(tile)
        .zip(tiles_mut(&mut output.0, layout, tile))
        .zip(tiles_mut(&mut traces.0, layout, tile))
        .zip(tiles_mut(&mut finals.0, layout, tile))
        .map(|((((start, len), output), traces), finals)| Tile { args, start, len, output, traces, finals })
        .collect();
    tiles.into_par_iter().for_each(|tile| isa.run(tile));
    Scanned { output: output.into_written(), traces: traces.into_written(), finals: finals.into_written() }
}

/// One tile's stretch of every row.
struct Tile<'a, 'b, D> {
    args: &'a ForwardArgs<'b, D>,
    start: usize,
    len: usize,
    output: Vec<&'a mut [MaybeUninit<f32>]>,
    traces: Vec<&'a mut [MaybeUninit<f32>]>,
    finals: Vec<&'a mut [MaybeUninit<f32>]>,
}

impl<D: Dynamics> Kernel for Tile<'_, '_, D> {
    #[inline(always)]
    fn run<S: Simd>(mut self) {
        let (args, steps) = (self.args, self.args.layout.steps);
        let constants = args.constant_chunks::<S>(self.start, self.len);
        let mut states = args.initial_chunks::<S>(self.start, self.len);
        for (t, output) in self.output.into_iter().enumerate() {
            let inputs = args.inputs_at(t, self.start, self.len);
            for (chunk, state) in states.iter_mut().enumerate() {
                let at = chunk * S::LANES;
                let input = D::Input::<Lanes<S>>::from_fn(
                    #[inline(always)]
                    |i| load(inputs.get(i), at),
                );
                store(args.model.step(constants.of(chunk), state, input), output, at);
                for (k, &index) in args.traces.iter().enumerate() {
                    store(state.get(index), self.traces[k * steps + t], at);
                }
            }
        }
        for (k, to) in self.finals.iter_mut().enumerate() {
            for (chunk, state) in states.iter().enumerate() {
                store(state.get(k), to, chunk * S::LANES);
            }
        }
    }
}
