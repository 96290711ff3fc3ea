//! Forward: all steps of a few samples, with their states and the weights in cache.

use super::events::Events;
use super::feed::{Feed, Sent};
use super::rows::Rows;
use crate::kernel::{Forward, Isa, Machine, Tile, row};
use crate::memory::{Blocks, RowsMut, Uninit};
use crate::scan::{FeedbackParts, Operands, RecurrentSpec, Results};
use crate::spikes::Writer;
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
            || Machine::new(isa, &program.common, spec.longest()),
            |machine, tile| {
                let events = Events::new(spec.scan.neurons, tile.len / spec.scan.neurons);
                let kept = Kept { events, states: vec![] };
                let mut walk = Walk { machine, program, spec, operands, line: feedback.line, feed, tile, keep, kept };
                walk.run(&results, spikes.as_ref());
                let mut kept = walk.kept;
                kept.events.shrink();
                keep.then_some(kept)
            },
        )
        .flatten_iter()
        .collect();
    (spec.scan.finished(memory, spikes), kept)
}

/// The walk of one tile.
struct Walk<'a> {
    machine: &'a mut Machine,
    program: &'a Forward,
    spec: &'a RecurrentSpec,
    operands: Operands<&'a [f32]>,
    line: &'a [f32],
    feed: &'a Feed<'a>,
    tile: Tile,
    keep: bool,
    kept: Kept,
}

impl Walk<'_> {
    fn run(&mut self, results: &Results<RowsMut<'_>>, spikes: Option<&Writer>) {
        let (scan, delay, tile) = (&self.spec.scan, self.spec.delay, self.tile);
        let (common, operands) = (&self.program.common, self.operands);
        self.machine.enter(tile, common, scan, operands.params);
        for (k, slot) in common.before.slots().enumerate() {
            operands.start(scan, k, tile, self.machine.own(slot));
            self.machine.own(common.after.at(k));
        }
        let (mut current, mut dense) = (Blocks::new(1, tile.len), None::<Rows>);
        // outputs that are on their way and not listed, those of step t at t % delay
        let mut sent = vec![vec![]; delay];
        for (t, sent) in sent.iter_mut().enumerate() {
            send(&mut self.kept.events, self.feed, tile.of(row(self.line, t, scan.plane())), sent);
        }
        for t in 0..scan.steps {
            if self.keep && t % SEGMENT == 0 {
                for slot in common.before.slots() {
                    self.kept.states.extend_from_slice(self.machine.values(slot));
                }
            }
            let arriving = match self.kept.events.at(t) {
                Some(lists) => Sent::Listed(lists),
                None => Sent::Values(&sent[t % delay]),
            };
            let input = tile.of(self.spec.input(operands.inputs, 0, t));
            self.feed.arrive(arriving, input, &mut dense, &mut current.block(0)[..tile.len]);
            self.machine.point(common.inputs.at(0), current.block(0));
            for (i, slot) in common.inputs.slots().enumerate().skip(1) {
                self.machine.read(slot, self.spec.input(operands.inputs, i, t));
            }
            self.machine.run_to(&common.step, self.program.output, (&results.output, spikes), t);
            for (k, &state) in scan.traces.iter().enumerate() {
                self.machine.copy(common.after.at(state), &results.traces, k * scan.steps + t);
            }
            if t + delay < scan.steps {
                let sent = &mut sent[t % delay];
                let output = self.machine.values(self.program.output);
                send(&mut self.kept.events, self.feed, output, sent);
            }
            self.machine.swap(common.before, common.after);
        }
        for (k, slot) in common.before.slots().enumerate() {
            self.machine.copy(slot, &results.finals, k);
        }
    }
}

/// Lists the outputs of a step, or copies them.
fn send(events: &mut Events, feed: &Feed<'_>, outputs: &[f32], sent: &mut Vec<f32>) {
    let listed = if feed.lists() { events.push(feed.isa, outputs) } else { events.skip() };
    if !listed {
        sent.clear();
        sent.extend_from_slice(outputs);
    }
}
