//! Backpropagation through time of a recurrent layer: a few samples go back through all steps, with the weights in
//! cache.

use super::factors::Factors;
use super::forward::Kept;
use super::gradient::Connections;
use super::outputs::Outputs;
use super::walk_back::{Memory, WalkBack};
use crate::kernel::{Backward, Isa, reduce};
use crate::memory::Uninit;
use crate::scan::{FeedbackParts, Operands, RecurrentSpec, Results};

/// Parts of the batch with sums of their own, so that threads share the work and the order of the sums is fixed.
const PARTS: usize = 8;

/// The operands of a recurrent layer, its outputs and what the way forward kept.
#[derive(Clone, Copy)]
pub(crate) struct Past<'a> {
    pub(crate) operands: Operands<&'a [f32]>,
    pub(crate) feedback: FeedbackParts<&'a [f32]>,
    pub(crate) output: Outputs<'a>,
    pub(crate) kept: &'a [Kept],
}

/// Gradients, each shaped like its operand.
pub(crate) type Gradients = (Operands<Option<Vec<f32>>>, FeedbackParts<Option<Vec<f32>>>);

/// Runs the adjoint on the `upstream` gradients, of which `None` is zero. Returns the gradients that are `wanted`.
pub(crate) fn backward(
    isa: Isa,
    spec: &RecurrentSpec,
    past: Past<'_>,
    upstream: Results<Option<&[f32]>>,
    (wanted, feedback): (Operands<bool>, FeedbackParts<bool>),
) -> Gradients {
    let (scan, plane) = (&spec.scan, spec.scan.plane());
    // the gradient of every step's current goes on to the steps before
    let factored = &*scan.factored();
    let seen = Results { output: true, ..upstream.map(|gradient| gradient.is_some()) };
    let mut request = scan.request(seen, Operands { inputs: true, ..wanted });
    request.constant_input = false;
    let program = &*Backward::of(&scan.equations, &request);

    let mut inputs = Uninit::new(if wanted.inputs { past.operands.inputs.len() } else { 0 });
    let mut initial = Uninit::new(if wanted.initial { past.operands.initial.len() } else { 0 });
    let mut line = Uninit::new(if feedback.line { past.feedback.line.len() } else { 0 });
    let mut parts = Uninit::new(request.learnable.len() * plane);
    let memory = &Memory {
        inputs: wanted.inputs.then(|| inputs.rows(plane)),
        initial: wanted.initial.then(|| initial.rows(plane)),
        line: feedback.line.then(|| line.rows(plane)),
        params: parts.rows(plane),
    };
    let factors = &Factors::new(isa, spec, &past.feedback);
    let tiles: Vec<_> = spec.tiles().into_iter().zip(past.kept).collect();
    let parts_of_batch: Vec<_> = tiles.chunks(tiles.len().div_ceil(PARTS).max(1)).collect();
    let connections = sum(&parts_of_batch, &|tiles| {
        let mut walk = WalkBack::new(isa, program, spec, past, (upstream, factored), factors);
        let mut connections = Connections::new(isa, spec, &feedback);
        for (tile, kept) in *tiles {
            walk.run(*tile, kept, &mut connections, memory);
        }
        connections
    });

    let params = wanted.params.then(|| {
        let mut params = vec![0.0; past.operands.params.len()];
        let parts = parts.into_written();
        for (&k, part) in request.learnable.iter().zip(parts.chunks_exact(plane.max(1))) {
            params[scan.param_range(k)].copy_from_slice(&reduce(part, k, scan));
        }
        params
    });
    let [weight, bias] = connections.map_or([None, None], |sums| sums.finish(spec.gain));
    (
        Operands {
            inputs: wanted.inputs.then(|| inputs.into_written()),
            params,
            initial: wanted.initial.then(|| initial.into_written()),
        },
        FeedbackParts { weight, bias, line: feedback.line.then(|| line.into_written()) },
    )
}

/// Sums over all parts, pair by pair: an order that does not depend on the number of threads.
fn sum<T: Sync>(parts: &[T], run: &(impl Fn(&T) -> Connections + Sync)) -> Option<Connections> {
    match parts {
        [] => None,
        [part] => Some(run(part)),
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            match rayon::join(|| sum(left, run), || sum(right, run)) {
                (Some(left), Some(right)) => Some(left.plus(right)),
                (one, other) => one.or(other),
            }
        }
    }
}
