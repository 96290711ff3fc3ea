//! Forward: every step of one tile of neurons, states in cache.

use super::layout::Layout;
use super::machine::Isa;
use super::program::Forward;
use super::tile::Machine;
use crate::graph::Equations;
use crate::memory::{RowsMut, Uninit};
use rayon::prelude::*;
use std::sync::Arc;

/// What a scan starts from.
#[derive(Clone, Debug)]
pub(crate) struct ForwardArgs<'a> {
    pub(crate) equations: &'a Arc<Equations>,
    pub(crate) layout: Layout,
    /// `[I, T, plane]`, or `[I, 1, plane]` where the inputs stay the same.
    pub(crate) inputs: &'a [f32],
    /// The numbers of all parameters, one after the other.
    pub(crate) params: &'a [f32],
    /// How many numbers each parameter has: one, one per channel or one per neuron.
    pub(crate) param_lens: &'a [usize],
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

impl ForwardArgs<'_> {
    pub(super) fn starts_alike(&self) -> bool {
        self.initial.len() == self.equations.states() && self.layout.plane() != 1
    }

    /// Rows that each input has: one per step, or a single one.
    pub(super) fn input_rows(&self) -> usize {
        self.inputs.len() / (self.equations.inputs * self.layout.plane()).max(1)
    }

    /// Row of input `i` at step `t`.
    pub(super) fn input(&self, i: usize, t: usize) -> &[f32] {
        let rows = self.input_rows();
        row(self.inputs, i * rows + t.min(rows - 1), self.layout.plane())
    }

    /// Puts the initial value of state `k` into a block.
    pub(super) fn start(&self, k: usize, start: usize, len: usize, block: &mut [f32]) {
        match self.starts_alike() {
            true => block.fill(self.initial[k]),
            false => block[..len].copy_from_slice(&row(self.initial, k, self.layout.plane())[start..][..len]),
        }
    }
}

/// One row of a plane's numbers.
pub(super) fn row(rows: &[f32], index: usize, plane: usize) -> &[f32] {
    &rows[index * plane..][..plane]
}

/// Runs the model over all steps.
pub(crate) fn forward(args: &ForwardArgs<'_>) -> Scanned {
    forward_on(Isa::best(), args)
}

pub(super) fn forward_on(isa: Isa, args: &ForwardArgs<'_>) -> Scanned {
    let (layout, states) = (&args.layout, args.equations.states());
    let (steps, plane) = (layout.steps, layout.plane());
    let mut output = Uninit::new(steps * plane);
    let mut traces = Uninit::new(args.traces.len() * steps * plane);
    let mut finals = Uninit::new(states * plane);
    let program = &*Forward::of(args.equations);
    let results = Results { output: output.rows(plane), traces: traces.rows(plane), finals: finals.rows(plane) };

    let tiles = layout.tiles(1);
    let size = tiles.first().map_or(0, |tile| tile.len);
    tiles.into_par_iter().for_each_init(
        || Machine::new(isa, &program.common, size),
        |machine, tile| {
            machine.enter(tile, &program.common, args.params, args.param_lens, layout);
            for (k, slot) in program.common.before.slots().enumerate() {
                args.start(k, tile.start, tile.len, machine.own(slot));
                machine.own(program.common.after.at(k));
            }
            walk(machine, program, args, &results);
        },
    );
    Scanned { output: output.into_written(), traces: traces.into_written(), finals: finals.into_written() }
}

struct Results<'a> {
    output: RowsMut<'a>,
    traces: RowsMut<'a>,
    finals: RowsMut<'a>,
}

/// All steps of one tile.
fn walk(machine: &mut Machine, program: &Forward, args: &ForwardArgs<'_>, results: &Results<'_>) {
    let (common, steps) = (&program.common, args.layout.steps);
    for t in 0..steps {
        for (i, slot) in common.inputs.slots().enumerate() {
            machine.read(slot, args.input(i, t));
        }
        if t + 1 < steps {
            (0..common.inputs.len).for_each(|i| machine.expect(args.input(i, t + 1)));
            machine.expect_to(&results.output, t + 1);
        }
        machine.write(program.output, &results.output, t);
        machine.run(&common.step);
        machine.written(program.output, &results.output, t);
        for (k, &state) in args.traces.iter().enumerate() {
            machine.copy(common.after.at(state), &results.traces, k * steps + t);
        }
        machine.swap(common.before, common.after);
    }
    for (k, slot) in common.before.slots().enumerate() {
        machine.copy(slot, &results.finals, k);
    }
}
