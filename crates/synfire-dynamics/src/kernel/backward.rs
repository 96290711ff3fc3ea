//! Backward through time without a graph: recompute the tile's states, then walk back with the
//! Jacobian of each step (dual numbers) times the adjoint carried so far.

use super::forward::{ForwardArgs, PerChunk};
use super::isa::{Isa, Kernel};
use super::layout::{Rows, column, load, reduce, store, tiles_mut};
use crate::memory::Uninit;
use crate::number::simd::Simd;
use crate::number::{AllConstants, Dual, Lanes, NoConstant, OneConstant, Slots, Wrt, pull};
use crate::{Dynamics, Fields};
use core::mem::MaybeUninit;
use rayon::prelude::*;

/// Gradients that arrive at a scan, and what is wanted of it. `None` is zero.
#[derive(Debug)]
pub(crate) struct BackwardArgs<'a, D> {
    pub(crate) forward: ForwardArgs<'a, D>,
    /// `[T, plane]`
    pub(crate) output: Option<Rows<'a>>,
    /// `[K, T, plane]`
    pub(crate) traces: Option<Rows<'a>>,
    /// `[S, plane]`
    pub(crate) finals: Option<Rows<'a>>,
    /// Constants whose gradient is wanted; the others' stays zero.
    pub(crate) active: &'a [usize],
}

/// Gradients that leave a scan, each as large as what it belongs to.
#[derive(Debug)]
pub(crate) struct Gradients {
    pub(crate) inputs: Vec<f32>,
    pub(crate) constants: Vec<f32>,
    pub(crate) initial: Vec<f32>,
}

/// Runs the adjoint of the scan.
pub(crate) fn backward<D: Dynamics>(args: &BackwardArgs<'_, D>) -> Gradients {
    backward_on(Isa::best(), args)
}

pub(super) fn backward_on<D: Dynamics>(isa: Isa, args: &BackwardArgs<'_, D>) -> Gradients {
    match *args.active {
        [] => pass(isa, args, NoConstant, &[]),
        [one] => pass(isa, args, OneConstant(one), &[0]),
        ref several => pass(isa, args, AllConstants, several),
    }
}

/// One pass over all tiles. Constant `active[i]` has place `slots[i]` in the sums of `W`.
fn pass<D: Dynamics, W: Slots<D>>(isa: Isa, args: &BackwardArgs<'_, D>, wanted: W, slots: &[usize]) -> Gradients {
    let forward = &args.forward;
    let layout = &forward.layout;
    let (plane, tile) = (layout.plane(), layout.tile(ForwardArgs::<D>::STATES));
    let mut inputs = Uninit::new(forward.inputs.count() * plane);
    // nothing learns where all neurons start alike
    let alike = forward.starts_alike() && plane != 1;
    let mut initial = Uninit::new(if alike { 0 } else { ForwardArgs::<D>::STATES * plane });
    let mut parts = Uninit::new(slots.len() * plane);

    let tiles: Vec<_> = layout
        .tiles(tile)
        .zip(tiles_mut(&mut inputs.0, layout, tile))
        .zip(tiles_mut(&mut initial.0, layout, tile))
        .zip(tiles_mut(&mut parts.0, layout, tile))
        .map(|((((start, len), inputs), initial), parts)| Tile {
            args,
            wanted,
            slots,
            start,
            len,
            inputs,
            initial,
            parts,
        })
        .collect();
    tiles.into_par_iter().for_each(|tile| isa.run(tile));

    let mut constants = vec![0.0; forward.constants.len()];
    let parts = parts.into_written();
    for (&k, part) in args.active.iter().zip(parts.chunks_exact(plane.max(1))) {
        let start: usize = forward.columns[..k].iter().sum();
        let len = column(forward.constants, forward.columns, k).len();
        constants[start..start + len].copy_from_slice(&reduce(part, len, layout));
    }
    let initial = if alike { vec![0.0; forward.initial.len()] } else { initial.into_written() };
    Gradients { inputs: inputs.into_written(), constants, initial }
}

/// One tile's stretch of every row.
struct Tile<'a, 'b, D, W> {
    args: &'a BackwardArgs<'b, D>,
    wanted: W,
    slots: &'a [usize],
    start: usize,
    len: usize,
    inputs: Vec<&'a mut [MaybeUninit<f32>]>,
    initial: Vec<&'a mut [MaybeUninit<f32>]>,
    /// What each place of the plane contributes to each active constant's gradient.
    parts: Vec<&'a mut [MaybeUninit<f32>]>,
}

impl<D: Dynamics, W: Slots<D>> Kernel for Tile<'_, '_, D, W> {
    #[inline(always)]
    fn run<S: Simd>(mut self) {
        let args = &self.args.forward;
        let (start, len, steps, input_rows) = (self.start, self.len, args.layout.steps, args.input_rows());
        let constants = args.constant_chunks::<S>(start, len);
        let chunks = len.div_ceil(S::LANES);
        let before = self.states_before_each_step::<S>(&constants);

        // the adjoint of the state starts from the gradient of the final state
        let zero = Lanes::<S>::splat(0.0);
        let arriving =
            |rows: Option<Rows<'_>>, row: usize, at: usize| rows.map(|g| load::<S>(g.stretch(row, start, len), at));
        let mut adjoint: Vec<D::State<Lanes<S>>> = (0..chunks)
            .map(|chunk| Fields::from_fn(|k| arriving(self.args.finals, k, chunk * S::LANES).unwrap_or(zero)))
            .collect();
        let mut sums: Vec<W::Sums<Lanes<S>>> = vec![Fields::from_fn(|_| zero); chunks];
        // of an input that stays the same
        let mut over_time: Vec<D::Input<Lanes<S>>> = vec![Fields::from_fn(|_| zero); chunks];

        for t in (0..steps).rev() {
            let inputs = args.inputs_at(t, start, len);
            for chunk in 0..chunks {
                let at = chunk * S::LANES;
                let pre = &before[t * chunks + chunk];
                let mut state: D::State<Dual<D, Lanes<S>, W>> = Fields::from_fn(
                    #[inline(always)]
                    |k| Dual::variable(pre.get(k), Wrt::State(k)),
                );
                let input: D::Input<Dual<D, Lanes<S>, W>> = Fields::from_fn(
                    #[inline(always)]
                    |i| Dual::variable(load(inputs.get(i), at), Wrt::Input(i)),
                );
                let constant: D::Constants<Dual<D, Lanes<S>, W>> = Fields::from_fn(
                    #[inline(always)]
                    |k| Dual::layer_constant(constants.of(chunk).get(k), k, self.wanted),
                );
                let output = args.model.step(&constant, &mut state, input);

                // what flows into this step: the output, the step after it and the traces
                let g_output = arriving(self.args.output, t, at).unwrap_or(zero);
                let mut g_state = adjoint[chunk];
                for (k, &index) in args.traces.iter().enumerate() {
                    if let Some(g) = arriving(self.args.traces, k * steps + t, at) {
                        let state = g_state;
                        g_state = Fields::from_fn(
                            #[inline(always)]
                            |j| if j == index { state.get(j) + g } else { state.get(j) },
                        );
                    }
                }

                adjoint[chunk] = Fields::from_fn(
                    #[inline(always)]
                    |k| pull(&output, g_output, &state, &g_state, Wrt::State(k)).unwrap_or(zero),
                );
                for i in 0..ForwardArgs::<D>::INPUTS {
                    let g = pull(&output, g_output, &state, &g_state, Wrt::Input(i)).unwrap_or(zero);
                    if input_rows == steps {
                        store(g, self.inputs[i * steps + t], at);
                    } else {
                        over_time[chunk] =
                            Fields::from_fn(
                                |j| {
                                    if j == i { over_time[chunk].get(j) + g } else { over_time[chunk].get(j) }
                                },
                            );
                    }
                }
                self.wanted.add(
                    &mut sums[chunk],
                    #[inline(always)]
                    |k| pull(&output, g_output, &state, &g_state, Wrt::Constant(k)).unwrap_or(zero),
                );
            }
        }

        for chunk in 0..chunks {
            for (k, to) in self.initial.iter_mut().enumerate() {
                store(adjoint[chunk].get(k), to, chunk * S::LANES);
            }
            if input_rows < steps {
                for (i, to) in self.inputs.iter_mut().enumerate() {
                    store(over_time[chunk].get(i), to, chunk * S::LANES);
                }
            }
            for (&slot, to) in self.slots.iter().zip(&mut self.parts) {
                store(sums[chunk].get(slot), to, chunk * S::LANES);
            }
        }
    }
}

impl<D: Dynamics, W: Slots<D>> Tile<'_, '_, D, W> {
    /// Runs forward once more and keeps the states, `[T, chunks]`.
    #[inline(always)]
    fn states_before_each_step<S: Simd>(
        &self,
        constants: &PerChunk<D::Constants<Lanes<S>>>,
    ) -> Vec<D::State<Lanes<S>>> {
        let args = &self.args.forward;
        let mut states = args.initial_chunks::<S>(self.start, self.len);
        let mut before = Vec::with_capacity(args.layout.steps * states.len());
        for t in 0..args.layout.steps {
            let inputs = args.inputs_at(t, self.start, self.len);
            for (chunk, state) in states.iter_mut().enumerate() {
                before.push(*state);
                let input = D::Input::<Lanes<S>>::from_fn(
                    #[inline(always)]
                    |i| load(inputs.get(i), chunk * S::LANES),
                );
                args.model.step(constants.of(chunk), state, input);
            }
        }
        before
    }
}
