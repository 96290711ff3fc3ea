//! Backward through time without a graph over time: recompute the tile's states, then walk back with
//! the adjoint of each step.

use super::forward::{ForwardArgs, row};
use super::layout::{Tile, param_range, reduce};
use super::machine::Isa;
use super::program::Backward;
use super::tile::Machine;
use crate::graph::Request;
use crate::memory::{Blocks, RowsMut, Uninit};
use rayon::prelude::*;

/// Gradients that arrive at a scan, and what is wanted of it. `None` is zero.
#[derive(Debug)]
pub(crate) struct BackwardArgs<'a> {
    pub(crate) forward: ForwardArgs<'a>,
    /// `[T, plane]`
    pub(crate) output: Option<&'a [f32]>,
    /// `[K, T, plane]`
    pub(crate) traces: Option<&'a [f32]>,
    /// `[S, plane]`
    pub(crate) finals: Option<&'a [f32]>,
    /// Parameters whose gradient is wanted; the others' stays zero.
    pub(crate) active: &'a [usize],
    /// Whether the gradient of the inputs is wanted.
    pub(crate) wants_inputs: bool,
}

/// Gradients that leave a scan, each as large as what it belongs to.
#[derive(Debug)]
pub(crate) struct Gradients {
    /// Empty if not wanted.
    pub(crate) inputs: Vec<f32>,
    pub(crate) params: Vec<f32>,
    pub(crate) initial: Vec<f32>,
}

impl BackwardArgs<'_> {
    fn request(&self) -> Request {
        let traces = if self.traces.is_some() { self.forward.traces } else { &[] };
        Request {
            output: self.output.is_some(),
            finals: self.finals.is_some(),
            traces: traces.to_vec(),
            active: self.active.to_vec(),
            inputs: self.wants_inputs,
            constant_input: self.forward.input_rows() < self.forward.layout.steps,
        }
    }
}

/// Runs the adjoint of the scan.
pub(crate) fn backward(args: &BackwardArgs<'_>) -> Gradients {
    backward_on(Isa::best(), args)
}

pub(super) fn backward_on(isa: Isa, args: &BackwardArgs<'_>) -> Gradients {
    let forward = &args.forward;
    let (layout, states) = (&forward.layout, forward.equations.states());
    let plane = layout.plane();
    let program = &*Backward::of(forward.equations, &args.request());
    let mut inputs = Uninit::new(if args.wants_inputs { forward.inputs.len() } else { 0 });
    // nothing learns where all neurons start alike
    let alike = forward.starts_alike();
    let mut initial = Uninit::new(if alike { 0 } else { states * plane });
    let mut parts = Uninit::new(args.active.len() * plane);
    let results = Results {
        inputs: inputs.rows(plane),
        initial: (!alike).then(|| initial.rows(plane)),
        parts: parts.rows(plane),
    };

    let tiles = layout.tiles(program.kept.len());
    let size = tiles.first().map_or(0, |tile| tile.len);
    tiles.into_par_iter().for_each_init(
        || {
            let history = Blocks::new(layout.steps * program.kept.len(), size);
            (Machine::new(isa, &program.common, size), history)
        },
        |(machine, history), tile| {
            machine.enter(tile, &program.common, forward.params, forward.param_lens, layout);
            let mut walk = Walk { machine, history, program, args, tile };
            walk.forward();
            walk.back(&results);
            walk.finish(&results);
        },
    );

    let mut params = vec![0.0; forward.params.len()];
    let parts = parts.into_written();
    for (&k, part) in args.active.iter().zip(parts.chunks_exact(plane.max(1))) {
        params[param_range(forward.param_lens, k)].copy_from_slice(&reduce(part, forward.param_lens[k], layout));
    }
    let initial = if alike { vec![0.0; forward.initial.len()] } else { initial.into_written() };
    Gradients { inputs: inputs.into_written(), params, initial }
}

struct Results<'a> {
    inputs: RowsMut<'a>,
    initial: Option<RowsMut<'a>>,
    /// What each place of the plane contributes to each active parameter's gradient.
    parts: RowsMut<'a>,
}

/// One tile's way there and back.
struct Walk<'a> {
    machine: &'a mut Machine,
    /// The kept states before each step, `[T, kept]`.
    history: &'a mut Blocks,
    program: &'a Backward,
    args: &'a BackwardArgs<'a>,
    tile: Tile,
}

impl Walk<'_> {
    /// Runs forward once more and keeps the states.
    fn forward(&mut self) {
        let (args, common, kept) = (&self.args.forward, &self.program.common, &self.program.kept);
        for (j, &k) in kept.iter().enumerate() {
            args.start(k, self.tile.start, self.tile.len, self.history.block(j));
        }
        if kept.is_empty() {
            return;
        }
        for t in 1..args.layout.steps {
            self.point_at(t - 1);
            for (j, &k) in kept.iter().enumerate() {
                self.machine.point(common.after.at(k), self.history.block(t * kept.len() + j));
            }
            for (i, slot) in common.inputs.slots().enumerate() {
                self.machine.read(slot, args.input(i, t - 1));
                self.machine.expect(args.input(i, t));
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

    /// All steps, the last one first.
    fn back(&mut self, results: &Results<'_>) {
        let (args, program) = (&self.args.forward, self.program);
        let (steps, plane) = (args.layout.steps, args.layout.plane());
        for slot in program.sums.slots().chain(program.to_state.slots()) {
            self.machine.own(slot).fill(0.0);
        }
        for (k, slot) in program.from_state.slots().enumerate() {
            match self.args.finals {
                Some(finals) => {
                    let upstream = &row(finals, k, plane)[self.tile.start..][..self.tile.len];
                    self.machine.own(slot)[..self.tile.len].copy_from_slice(upstream);
                }
                None => self.machine.own(slot).fill(0.0),
            }
        }
        for t in (0..steps).rev() {
            self.point_at(t);
            if t > 0 {
                self.expect(t - 1, results);
            }
            for (i, slot) in program.common.inputs.slots().enumerate() {
                self.machine.read(slot, args.input(i, t));
            }
            if let (Some(slot), Some(upstream)) = (program.from_output, self.args.output) {
                self.machine.read(slot, row(upstream, t, plane));
            }
            for (k, slot) in program.from_trace.slots().enumerate() {
                if let Some(upstream) = self.args.traces {
                    self.machine.read(slot, row(upstream, k * steps + t, plane));
                }
            }
            for (i, slot) in program.to_input.slots().enumerate() {
                self.machine.write(slot, &results.inputs, i * steps + t);
            }
            self.machine.run(&program.adjoint);
            for (i, slot) in program.to_input.slots().enumerate() {
                self.machine.written(slot, &results.inputs, i * steps + t);
            }
            self.machine.swap(program.from_state, program.to_state);
        }
    }

    /// Fetches the rows of a step.
    fn expect(&self, t: usize, results: &Results<'_>) {
        let (args, program) = (&self.args.forward, self.program);
        for i in 0..program.common.inputs.len {
            self.machine.expect(args.input(i, t));
        }
        if let Some(upstream) = self.args.output {
            self.machine.expect(row(upstream, t, args.layout.plane()));
        }
        for i in 0..program.to_input.len {
            self.machine.expect_to(&results.inputs, i * args.layout.steps + t);
        }
    }

    /// What is known only after all steps.
    fn finish(&mut self, results: &Results<'_>) {
        let program = self.program;
        self.machine.run_once(&program.postlude);
        for (a, slot) in program.to_param.slots().enumerate() {
            self.machine.copy(slot, &results.parts, a);
        }
        if let Some(initial) = &results.initial {
            for (k, slot) in program.from_state.slots().enumerate() {
                self.machine.copy(slot, initial, k);
            }
        }
        if self.args.wants_inputs && program.to_input.len == 0 {
            let inputs = program.common.inputs.len;
            for i in 0..inputs {
                self.machine.copy(program.sums.slots().end - inputs + i, &results.inputs, i);
            }
        }
    }
}
