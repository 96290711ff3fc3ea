//! Backpropagation through time without a graph over time: a tile recomputes its states, then walks back with the
//! adjoint of each step.

use super::isa::Isa;
use super::layout::{Tile, reduce, row, tiles};
use super::program::Backward;
use super::tile::Machine;
use crate::memory::{Blocks, RowsMut, Uninit};
use crate::scan::{Operands, Results, ScanSpec};
use crate::spikes::{self, FactoredGradient};
use rayon::prelude::*;
use std::sync::Arc;

/// Runs the adjoint of the scan on the `upstream` gradients, of which `None` is zero. Returns the gradients of
/// the operands that are `wanted`, each shaped like its operand.
pub(crate) fn backward(
    spec: &ScanSpec,
    operands: Operands<&[f32]>,
    upstream: Results<Option<&[f32]>>,
    wanted: Operands<bool>,
) -> Operands<Option<Vec<f32>>> {
    backward_on(Isa::best(), spec, operands, upstream, wanted)
}

pub(super) fn backward_on(
    isa: Isa,
    spec: &ScanSpec,
    operands: Operands<&[f32]>,
    upstream: Results<Option<&[f32]>>,
    wanted: Operands<bool>,
) -> Operands<Option<Vec<f32>>> {
    let plane = spec.plane();
    let factored = &*spec.factored();
    let present = upstream.map(|gradient| gradient.is_some());
    let seen = Results { output: present.output || !factored.is_empty(), ..present };
    let request = spec.request(seen, wanted);
    let program = &*Backward::of(&spec.equations, &request);
    let mut inputs = Uninit::new(if wanted.inputs { operands.inputs.len() } else { 0 });
    let mut initial = Uninit::new(if wanted.initial { operands.initial.len() } else { 0 });
    let mut parts = Uninit::new(request.learnable.len() * plane);
    let memory = Memory {
        inputs: wanted.inputs.then(|| inputs.rows(plane)),
        initial: wanted.initial.then(|| initial.rows(plane)),
        parts: parts.rows(plane),
    };

    let tiles = tiles(spec, program.kept.len());
    let size = tiles.first().map_or(0, |tile| tile.len);
    tiles.into_par_iter().for_each_init(
        || {
            let history = Blocks::new(spec.steps * program.kept.len(), size);
            (Machine::new(isa, &program.common, size), history)
        },
        |(machine, history), tile| {
            machine.enter(tile, &program.common, spec, operands.params);
            let mut walk = Walk { machine, history, program, spec, operands, upstream, factored, tile };
            walk.forward();
            walk.back(&memory);
            walk.finish(&memory);
        },
    );

    let params = wanted.params.then(|| {
        let mut params = vec![0.0; operands.params.len()];
        let parts = parts.into_written();
        for (&k, part) in request.learnable.iter().zip(parts.chunks_exact(plane.max(1))) {
            params[spec.param_range(k)].copy_from_slice(&reduce(part, k, spec));
        }
        params
    });
    Operands {
        inputs: wanted.inputs.then(|| inputs.into_written()),
        params,
        initial: wanted.initial.then(|| initial.into_written()),
    }
}

/// Memory that the tiles write gradients to.
struct Memory<'a> {
    inputs: Option<RowsMut<'a>>,
    initial: Option<RowsMut<'a>>,
    /// Contribution of each neuron of the plane to the gradient of each learnable parameter.
    parts: RowsMut<'a>,
}

/// The walk of one tile, forward and back.
struct Walk<'a> {
    machine: &'a mut Machine,
    /// The kept states before each step, `[T, kept]`.
    history: &'a mut Blocks,
    program: &'a Backward,
    spec: &'a ScanSpec,
    operands: Operands<&'a [f32]>,
    upstream: Results<Option<&'a [f32]>>,
    /// Gradients of the output in factors.
    factored: &'a [Arc<FactoredGradient>],
    tile: Tile,
}

impl Walk<'_> {
    /// Runs forward once more and keeps the states.
    fn forward(&mut self) {
        let (spec, operands, program) = (self.spec, self.operands, self.program);
        let (common, kept) = (&program.common, &program.kept);
        for (j, &k) in kept.iter().enumerate() {
            operands.start(spec, k, self.tile, self.history.block(j));
        }
        if kept.is_empty() {
            return;
        }
        for t in 1..spec.steps {
            self.point_at(t - 1);
            for (j, &k) in kept.iter().enumerate() {
                self.machine.point(common.after.at(k), self.history.block(t * kept.len() + j));
            }
            for (i, slot) in common.inputs.slots().enumerate() {
                self.machine.read(slot, operands.input(spec, i, t - 1));
                self.machine.expect(operands.input(spec, i, t));
            }
            self.machine.run(&common.step);
        }
    }

    /// Points the states before the step at those of step `t`.
    fn point_at(&mut self, t: usize) {
        let kept = &self.program.kept;
        for (j, &k) in kept.iter().enumerate() {
            self.machine.point(self.program.common.before.at(k), self.history.block(t * kept.len() + j));
        }
    }

    /// Walks back through all steps.
    fn back(&mut self, memory: &Memory<'_>) {
        let (program, upstream) = (self.program, self.upstream);
        let (steps, plane) = (self.spec.steps, self.spec.plane());
        for slot in program.sums.slots().chain(program.to_state.slots()) {
            self.machine.own(slot).fill(0.0);
        }
        for (k, slot) in program.from_state.slots().enumerate() {
            let block = self.machine.own(slot);
            match upstream.finals {
                Some(finals) => block[..self.tile.len].copy_from_slice(self.tile.of(row(finals, k, plane))),
                None => block.fill(0.0),
            }
        }
        for t in (0..steps).rev() {
            self.point_at(t);
            if t > 0 {
                self.expect(t - 1, memory);
            }
            for (i, slot) in program.common.inputs.slots().enumerate() {
                self.machine.read(slot, self.operands.input(self.spec, i, t));
            }
            if let Some(slot) = program.from_output {
                self.read_output(slot, t);
            }
            for (k, slot) in program.from_trace.slots().enumerate() {
                if let Some(traces) = upstream.traces {
                    self.machine.read(slot, row(traces, k * steps + t, plane));
                }
            }
            for (i, slot) in program.to_input.slots().enumerate() {
                if let Some(inputs) = &memory.inputs {
                    self.machine.write(slot, inputs, i * steps + t);
                }
            }
            self.machine.run(&program.adjoint);
            for (i, slot) in program.to_input.slots().enumerate() {
                if let Some(inputs) = &memory.inputs {
                    self.machine.written(slot, inputs, i * steps + t);
                }
            }
            self.machine.swap(program.from_state, program.to_state);
        }
    }

    /// Gives a slot the upstream gradient of the output at a step.
    fn read_output(&mut self, slot: usize, t: usize) {
        let (tile, dense) = (self.tile, self.upstream.output.map(|output| row(output, t, self.spec.plane())));
        match dense {
            Some(output) if self.factored.is_empty() => self.machine.read(slot, output),
            _ => {
                let to = &mut self.machine.own(slot)[..tile.len];
                spikes::sum(dense.map(|row| tile.of(row)), self.factored, (t, tile.start), to);
            }
        }
    }

    /// Prefetches the rows of a step.
    fn expect(&self, t: usize, memory: &Memory<'_>) {
        for i in 0..self.program.common.inputs.len {
            self.machine.expect(self.operands.input(self.spec, i, t));
        }
        if let Some(output) = self.upstream.output {
            self.machine.expect(row(output, t, self.spec.plane()));
        }
        for i in 0..self.program.to_input.len {
            if let Some(inputs) = &memory.inputs {
                self.machine.expect_to(inputs, i * self.spec.steps + t);
            }
        }
    }

    /// Writes the gradients that are complete only after all steps.
    fn finish(&mut self, memory: &Memory<'_>) {
        let program = self.program;
        self.machine.run_once(&program.postlude);
        for (a, slot) in program.to_param.slots().enumerate() {
            self.machine.copy(slot, &memory.parts, a);
        }
        if let Some(initial) = &memory.initial {
            for (k, slot) in program.from_state.slots().enumerate() {
                self.machine.copy(slot, initial, k);
            }
        }
        if let Some(rows) = memory.inputs.as_ref().filter(|_| program.to_input.len == 0) {
            let inputs = program.common.inputs.len;
            for i in 0..inputs {
                self.machine.copy(program.sums.slots().end - inputs + i, rows, i);
            }
        }
    }
}
