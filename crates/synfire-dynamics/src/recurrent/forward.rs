//! Forward: all steps of a few samples, with their states and the weights in cache.

use super::bits::Bits;
use super::events::Events;
use super::feed::Feed;
use super::line::Line;
use super::rows::Rows;
use crate::kernel::{Forward, Isa, Machine, Tile, row};
use crate::memory::{Blocks, RowsMut, Uninit};
use crate::scan::{FeedbackParts, Operands, RecurrentSpec, Results};
use crate::spikes::{WORD, Writer};
use rayon::prelude::*;

/// Steps after which the states are kept: the way back computes the steps in between once more.
pub(super) const SEGMENT: usize = 16;

/// Values of a tile that backpropagation needs, beside operands and outputs.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Outputs that arrive at each step.
    pub(super) events: Events,
    /// All states before the first step of each segment, `[segments, S, tile]`.
    pub(super) states: Vec<f32>,
}

/// Runs the layer over all steps. With `keep`, returns the values of each tile that
/// backpropagation needs.
pub(crate) fn forward(
    isa: Isa,
    spec: &RecurrentSpec,
    operands: Operands<&[f32]>,
    feedback: FeedbackParts<&[f32]>,
    keep: bool,
) -> (Results<Vec<f32>>, Vec<Kept>) {
    let (steps, plane) = (spec.scan.steps, spec.scan.plane());
    let spikes = spec.scan.outlet.as_ref().map(|_| Writer::new(isa, [steps, spec.scan.batch, spec.scan.neurons]));
    let output = if spikes.is_some() { 0 } else { steps };
    let rows = Results { output, traces: spec.scan.traces.len() * steps, finals: spec.scan.states() };
    let mut memory = rows.map(|rows| Uninit::new(rows * plane));
    let results = memory.as_mut().map(|memory| memory.rows(plane));
    let program = &*Forward::of(&spec.scan.equations);
    let feed = &Feed::new(isa, spec, &feedback);
    let kept = spec
        .tiles()
        .into_par_iter()
        .map_init(
            || Walk::new(isa, program, spec, (operands, feedback.line), feed, keep),
            |walk, tile| {
                walk.run(tile, &results, spikes.as_ref());
                keep.then(|| Kept { events: walk.line.events.copy(), states: core::mem::take(&mut walk.states) })
            },
        )
        .flatten_iter()
        .collect();
    (spec.scan.finished(memory, spikes), kept)
}

/// A machine and its memory, which goes from tile to tile.
struct Walk<'a> {
    machine: Machine,
    program: &'a Forward,
    spec: &'a RecurrentSpec,
    operands: Operands<&'a [f32]>,
    /// Outputs before the first step.
    past: &'a [f32],
    feed: &'a Feed<'a>,
    /// Whether states are kept.
    keep: bool,
    /// Current of the step.
    current: Blocks,
    /// Outputs of the step.
    bits: Bits,
    line: Line,
    dense: Option<Rows>,
    /// States before each segment.
    states: Vec<f32>,
}

impl<'a> Walk<'a> {
    fn new(
        isa: Isa,
        program: &'a Forward,
        spec: &'a RecurrentSpec,
        (operands, past): (Operands<&'a [f32]>, &'a [f32]),
        feed: &'a Feed<'a>,
        keep: bool,
    ) -> Self {
        Walk {
            machine: Machine::new(isa, &program.common, spec.longest()),
            program,
            spec,
            operands,
            past,
            feed,
            keep,
            current: Blocks::new(1, spec.longest()),
            bits: Bits::default(),
            line: Line::new(isa, spec.scan.neurons, spec.delay, feed.lists()),
            dense: None,
            states: vec![],
        }
    }

    /// Takes a tile through all steps.
    fn run(&mut self, tile: Tile, results: &Results<RowsMut<'_>>, spikes: Option<&Writer>) {
        let (scan, delay) = (&self.spec.scan, self.spec.delay);
        let (common, operands) = (&self.program.common, self.operands);
        self.machine.enter(tile, common, scan, operands.params);
        for (k, slot) in common.before.slots().enumerate() {
            operands.start(scan, k, tile, self.machine.own(slot));
            self.machine.own(common.after.at(k));
        }
        self.line.clear(tile.len / scan.neurons);
        for t in 0..delay {
            let outputs = tile.of(row(self.past, t, scan.plane()));
            self.bits.pack(self.feed.isa, outputs, scan.neurons);
            self.line.send(t, &self.bits, Some(outputs));
        }
        for t in 0..scan.steps {
            if self.keep && t % SEGMENT == 0 {
                for slot in common.before.slots() {
                    self.states.extend_from_slice(self.machine.values(slot));
                }
            }
            let input = tile.of(self.spec.input(operands.inputs, 0, t));
            let current = self.current.block(0);
            self.feed.arrive(self.line.arriving(t), input, &mut self.dense, &mut current[..tile.len]);
            self.machine.point(common.inputs.at(0), current);
            for (i, slot) in common.inputs.slots().enumerate().skip(1) {
                self.machine.read(slot, self.spec.input(operands.inputs, i, t));
            }
            self.step(t, tile, &results.output, spikes);
            for (k, &state) in scan.traces.iter().enumerate() {
                self.machine.copy(common.after.at(state), &results.traces, k * scan.steps + t);
            }
            self.machine.swap(common.before, common.after);
        }
        for (k, slot) in common.before.slots().enumerate() {
            self.machine.copy(slot, &results.finals, k);
        }
    }

    /// Computes step `t`, and hands its outputs on: to their rows or as spikes, and to the steps that they reach.
    fn step(&mut self, t: usize, tile: Tile, rows: &RowsMut<'_>, spikes: Option<&Writer>) {
        let (scan, code, slot) = (&self.spec.scan, &self.program.common.step, self.program.output);
        let (machine, bits, neurons) = (&mut self.machine, &mut self.bits, scan.neurons);
        let outputs = if spikes.is_some_and(Writer::whole_words) {
            bits.write(tile.len, neurons, |words| machine.run_to_bits(code, slot, words));
            None
        } else {
            machine.run_to(code, slot, spikes.is_none().then_some(rows), t);
            if spikes.is_some() || self.feed.lists() {
                bits.pack(self.feed.isa, machine.values(slot), neurons);
            }
            Some(machine.values(slot))
        };
        if let Some(spikes) = spikes {
            spikes.write_words(t, tile.start / neurons * neurons.div_ceil(WORD), &bits.words);
        }
        if t + self.spec.delay < scan.steps {
            self.line.send(t + self.spec.delay, bits, outputs);
        }
    }
}
