//! Forward: all steps of one tile of neurons, with their states in cache.

use super::isa::Isa;
use super::layout::{LONGEST, Tile, tiles};
use super::program::Forward;
use super::tile::Machine;
use crate::memory::{RowsMut, Uninit};
use crate::scan::{Operands, Results, ScanSpec};
use crate::spikes::{WORD, Writer};
use rayon::prelude::*;

/// Runs the model over all steps.
pub(crate) fn forward(spec: &ScanSpec, operands: Operands<&[f32]>) -> Results<Vec<f32>> {
    forward_on(Isa::best(), spec, operands)
}

pub(super) fn forward_on(isa: Isa, spec: &ScanSpec, operands: Operands<&[f32]>) -> Results<Vec<f32>> {
    let (steps, plane) = (spec.steps, spec.plane());
    let spikes = spec.outlet.as_ref().map(|_| Writer::new(isa, [steps, spec.batch, spec.neurons]));
    let output = if spikes.is_some() { 0 } else { steps };
    let rows = Results { output, traces: spec.traces.len() * steps, finals: spec.states() };
    let mut memory = rows.map(|rows| Uninit::new(rows * plane));
    let results = memory.as_mut().map(|memory| memory.rows(plane));
    let program = &*Forward::of(&spec.equations);

    let tiles = tiles(spec, 1);
    let size = tiles.first().map_or(0, |tile| tile.len);
    tiles.into_par_iter().for_each_init(
        || Machine::new(isa, &program.common, size),
        |machine, tile| {
            machine.enter(tile, &program.common, spec, operands.params);
            walk(machine, program, spec, operands, tile, (&results, spikes.as_ref()));
        },
    );
    spec.finished(memory, spikes)
}

/// All steps of one tile.
fn walk(
    machine: &mut Machine,
    program: &Forward,
    spec: &ScanSpec,
    operands: Operands<&[f32]>,
    tile: Tile,
    (results, spikes): (&Results<RowsMut<'_>>, Option<&Writer>),
) {
    let (common, steps) = (&program.common, spec.steps);
    let mut bits = [0; LONGEST / WORD];
    for (k, slot) in common.before.slots().enumerate() {
        operands.start(spec, k, tile, machine.own(slot));
        machine.own(common.after.at(k));
    }
    for t in 0..steps {
        for (i, slot) in common.inputs.slots().enumerate() {
            machine.read(slot, operands.input(spec, i, t));
        }
        if t + 1 < steps {
            (0..common.inputs.len).for_each(|i| machine.expect(operands.input(spec, i, t + 1)));
            if spikes.is_none() {
                machine.expect_to(&results.output, t + 1);
            }
        }
        match spikes {
            Some(spikes) if spikes.whole_words() => {
                let bits = &mut bits[..tile.len / WORD];
                machine.run_to_bits(&common.step, program.output, bits);
                spikes.write_words(t, tile.start / WORD, bits);
            }
            Some(spikes) => {
                machine.run_to(&common.step, program.output, None, t);
                spikes.write(t, tile.start, machine.values(program.output));
            }
            None => machine.run_to(&common.step, program.output, Some(&results.output), t),
        }
        for (k, &state) in spec.traces.iter().enumerate() {
            machine.copy(common.after.at(state), &results.traces, k * steps + t);
        }
        machine.swap(common.before, common.after);
    }
    for (k, slot) in common.before.slots().enumerate() {
        machine.copy(slot, &results.finals, k);
    }
}
