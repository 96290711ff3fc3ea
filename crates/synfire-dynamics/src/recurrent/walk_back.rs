//! The way back of one tile.

use super::Past;
use super::factors::Factors;
use super::feed::Sent;
use super::forward::{Kept, SEGMENT};
use super::gradient::Connections;
use super::layout::SAMPLES;
use super::rows::Rows;
use crate::kernel::{Backward, Isa, Machine, Tile, row};
use crate::memory::{Blocks, RowsMut};
use crate::scan::{RecurrentSpec, Results};
use crate::spikes::{self, FactoredGradient};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// Memory that the tiles write gradients to.
pub(super) struct Memory<'a> {
    pub(super) inputs: Option<RowsMut<'a>>,
    pub(super) initial: Option<RowsMut<'a>>,
    pub(super) line: Option<RowsMut<'a>>,
    /// Contribution of each neuron of the plane to the gradient of each learnable parameter.
    pub(super) params: RowsMut<'a>,
}

/// A machine and its memory, which goes from tile to tile.
pub(super) struct WalkBack<'a> {
    machine: Machine,
    program: &'a Backward,
    spec: &'a RecurrentSpec,
    past: Past<'a>,
    upstream: Results<Option<&'a [f32]>>,
    /// Gradients of the output in factors.
    factored: &'a [Arc<FactoredGradient>],
    factors: &'a Factors<'a>,
    tile: Tile,
    /// The kept states before each step of a segment.
    states: Blocks,
    /// The current at each step of a segment.
    currents: Blocks,
    /// Gradient of the current at each step of a segment and the steps that its outputs reach, eight rows each.
    gradients: Rows,
    /// Gradient of the output at a step.
    output: Blocks,
    /// The part of it that comes from other layers, where some of that is in factors.
    from_others: Blocks,
    /// Gradients of inputs that last several steps, summed over these.
    held: Vec<f32>,
    dense: Option<Rows>,
}

impl<'a> WalkBack<'a> {
    pub(super) fn new(
        isa: Isa,
        program: &'a Backward,
        spec: &'a RecurrentSpec,
        past: Past<'a>,
        (upstream, factored): (Results<Option<&'a [f32]>>, &'a [Arc<FactoredGradient>]),
        factors: &'a Factors<'a>,
    ) -> Self {
        let size = spec.longest();
        let segment = SEGMENT.min(spec.scan.steps);
        WalkBack {
            machine: Machine::new(isa, &program.common, size),
            program,
            spec,
            past,
            upstream,
            factored,
            factors,
            tile: Tile { start: 0, len: size },
            states: Blocks::new(segment * program.kept.len(), size),
            currents: Blocks::new(segment, size),
            gradients: Rows::new((segment + spec.delay) * SAMPLES, spec.scan.neurons),
            output: Blocks::new(1, size),
            from_others: Blocks::new(1, size),
            held: vec![],
            dense: None,
        }
    }

    /// Takes a tile from the last step back to the first, and adds to the gradients of the connections.
    pub(super) fn run(&mut self, tile: Tile, kept: &Kept, connections: &mut Connections, memory: &Memory<'_>) {
        let (scan, delay) = (&self.spec.scan, self.spec.delay);
        if tile.len < self.tile.len {
            // rows beyond the samples of the tile are zero
            self.gradients.clear();
        }
        self.tile = tile;
        self.machine.enter(tile, &self.program.common, scan, self.past.operands.params);
        self.start();
        for first in (0..scan.steps).step_by(SEGMENT).rev() {
            let steps = first..scan.steps.min(first + SEGMENT);
            self.forward(steps.clone(), kept);
            for t in steps.clone().rev() {
                self.step(t, first, memory);
            }
            let past = self.past;
            let sent = |t| sent(self.spec, past, tile, t);
            connections.add(&kept.events, steps, &self.gradients, sent);
            if first > 0 {
                self.gradients.move_rows(0, delay * SAMPLES, SEGMENT * SAMPLES);
            }
        }
        self.finish(memory);
    }

    /// Sets what flows back from beyond the last step.
    fn start(&mut self) {
        let program = self.program;
        for slot in program.sums.slots().chain(program.to_state.slots()) {
            self.machine.own(slot).fill(0.0);
        }
        for (k, slot) in program.from_state.slots().enumerate() {
            let block = self.machine.own(slot);
            match self.upstream.finals {
                Some(finals) => {
                    block[..self.tile.len].copy_from_slice(self.tile.of(row(finals, k, self.spec.scan.plane())));
                }
                None => block.fill(0.0),
            }
        }
        self.held.clear();
        self.held.resize(program.common.inputs.len * self.tile.len, 0.0);
    }

    /// Computes currents and states of a segment once more.
    fn forward(&mut self, steps: Range<usize>, kept: &Kept) {
        let (common, scan, tile) = (&self.program.common, &self.spec.scan, self.tile);
        let count = self.program.kept.len();
        let segment = steps.start / SEGMENT;
        for (j, &k) in self.program.kept.iter().enumerate() {
            let from = (segment * scan.states() + k) * tile.len;
            self.states.block(j)[..tile.len].copy_from_slice(&kept.states[from..][..tile.len]);
        }
        for (s, t) in steps.clone().enumerate() {
            let values;
            let arriving = match kept.events.at(t) {
                Some(lists) => Sent::Listed(lists),
                None => {
                    values = sent(self.spec, self.past, tile, t);
                    Sent::Values(&values)
                }
            };
            let input = tile.of(self.spec.input(self.past.operands.inputs, 0, t));
            let current = &mut self.currents.block(s)[..tile.len];
            self.factors.feed.arrive(arriving, input, &mut self.dense, current);
            if s + 1 == steps.len() || count == 0 {
                continue;
            }
            self.point_at(s, t);
            for (j, &k) in self.program.kept.iter().enumerate() {
                self.machine.point(common.after.at(k), self.states.block((s + 1) * count + j));
            }
            self.machine.run(&common.step);
        }
    }

    /// Points states and inputs at those of step `t`, the step `s` of the segment.
    fn point_at(&mut self, s: usize, t: usize) {
        let common = &self.program.common;
        for (j, &k) in self.program.kept.iter().enumerate() {
            self.machine.point(common.before.at(k), self.states.block(s * self.program.kept.len() + j));
        }
        self.machine.point(common.inputs.at(0), self.currents.block(s));
        for (i, slot) in common.inputs.slots().enumerate().skip(1) {
            self.machine.read(slot, self.spec.input(self.past.operands.inputs, i, t));
        }
    }

    /// The adjoint of step `t` in the segment from step `first` on.
    fn step(&mut self, t: usize, first: usize, memory: &Memory<'_>) {
        let (program, spec, tile) = (self.program, self.spec, self.tile);
        let (steps, plane, s) = (spec.scan.steps, spec.scan.plane(), t - first);
        self.point_at(s, t);
        let dense = self.upstream.output.map(|output| tile.of(row(output, t, plane)));
        let upstream = match self.factored {
            [] => dense,
            factored => {
                let sum = &mut self.from_others.block(0)[..tile.len];
                spikes::sum(dense, factored, (t, tile.start), sum);
                Some(&*sum)
            }
        };
        if let Some(output) = self.upstream.output.filter(|_| t > 0) {
            self.machine.expect(row(output, t - 1, plane));
        }
        if let Some(slot) = program.from_output {
            let block = self.output.block(0);
            let output = &mut block[..tile.len];
            match upstream {
                base if t + spec.delay < steps => {
                    self.factors.back(spec, &self.gradients, (s + spec.delay) * SAMPLES, base, output);
                }
                Some(upstream) => output.copy_from_slice(upstream),
                None => output.fill(0.0),
            }
            self.machine.point(slot, block);
        }
        for (k, slot) in program.from_trace.slots().enumerate() {
            if let Some(traces) = self.upstream.traces {
                self.machine.read(slot, row(traces, k * steps + t, plane));
            }
        }
        let each_step = memory.inputs.as_ref().filter(|_| spec.rows == steps);
        for (i, slot) in program.to_input.slots().enumerate() {
            match each_step {
                Some(inputs) => self.machine.write(slot, inputs, i * steps + t),
                None => _ = self.machine.own(slot),
            }
        }
        self.machine.run(&program.adjoint);
        for (i, slot) in program.to_input.slots().enumerate() {
            if let Some(inputs) = each_step {
                self.machine.written(slot, inputs, i * steps + t);
            }
        }
        let current = self.machine.values(program.to_input.at(0));
        for (i, row) in current.chunks_exact(spec.scan.neurons).enumerate() {
            self.gradients.row_mut(s * SAMPLES + i)[..row.len()].copy_from_slice(row);
        }
        if let Some(inputs) = memory.inputs.as_ref().filter(|_| spec.rows < steps) {
            self.hold(t, inputs);
        }
        self.machine.swap(program.from_state, program.to_state);
    }

    /// Adds to the gradients of inputs that last several steps, and writes them at the first of these.
    fn hold(&mut self, t: usize, inputs: &RowsMut<'_>) {
        for ((i, slot), held) in
            self.program.to_input.slots().enumerate().zip(self.held.chunks_exact_mut(self.tile.len))
        {
            self.factors.feed.isa.accumulate(self.machine.values(slot), held);
            if t.is_multiple_of(self.spec.hold()) {
                inputs.copy(i * self.spec.rows + t / self.spec.hold(), self.tile.start, held);
                held.fill(0.0);
            }
        }
    }

    /// Writes the gradients that are complete only after all steps.
    fn finish(&mut self, memory: &Memory<'_>) {
        let program = self.program;
        self.machine.run_once(&program.postlude);
        for (a, slot) in program.to_param.slots().enumerate() {
            self.machine.copy(slot, &memory.params, a);
        }
        if let Some(initial) = &memory.initial {
            for (k, slot) in program.from_state.slots().enumerate() {
                self.machine.copy(slot, initial, k);
            }
        }
        if let Some(line) = &memory.line {
            let output = &mut self.output.block(0)[..self.tile.len];
            for t in 0..self.spec.delay {
                // what is sent later than the last step arrives never
                match t < self.spec.scan.steps {
                    true => self.factors.back(self.spec, &self.gradients, t * SAMPLES, None, output),
                    false => output.fill(0.0),
                }
                line.copy(t, self.tile.start, output);
            }
        }
    }
}

/// The outputs that arrive at step `t`.
fn sent<'a>(spec: &RecurrentSpec, past: Past<'a>, tile: Tile, t: usize) -> Cow<'a, [f32]> {
    let plane = spec.scan.plane();
    match t.checked_sub(spec.delay) {
        Some(sent) => past.output.at(sent, tile, plane),
        None => tile.of(row(past.feedback.line, t, plane)).into(),
    }
}
