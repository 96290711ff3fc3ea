//! Gradients of parameters: from one number per neuron and sample to one per parameter.

use super::launch::{Launch, address_type, grid};
use burn::backend::TensorMetadata;
use burn_cubecl::cubecl;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

/// Adds up what each place of the plane contributed to each active parameter, `[A, B, N]`, to a gradient
/// packed like the parameters.
pub(super) fn params_gradient(run: &Launch<'_>, parts: CubeTensor) -> CubeTensor {
    let plan = run.plan;
    let gradient = run.zeros(run.params.shape());
    let active = &plan.active;
    if active.is_empty() || run.plane() == 0 {
        return gradient;
    }
    // over the batch, for all of them at once
    let (mut rows, mut len) = (parts, plan.batch);
    while len > 1 {
        let groups = len.div_ceil(FOLD);
        let sums = run.numbers(active.len() * groups * plan.neurons);
        fold((&rows, 0), (&sums, 0), [active.len(), len, plan.neurons]);
        (rows, len) = (sums, groups);
    }
    // over the neurons that share a number
    for (a, &k) in active.iter().enumerate() {
        let (len_k, start) = (plan.param_lens[k], plan.param_lens[..k].iter().sum());
        let (mut from, mut at, mut len) = (rows.clone(), a * plan.neurons, plan.neurons / len_k);
        while len > FOLD {
            let groups = len.div_ceil(FOLD);
            let sums = run.numbers(len_k * groups);
            fold((&from, at), (&sums, 0), [len_k, len, 1]);
            (from, at, len) = (sums, 0, groups);
        }
        fold((&from, at), (&gradient, start), [len_k, len, 1]);
    }
    gradient
}

/// `[outer, len, inner]` numbers of `from` to `[outer, ceil(len / 32), inner]` of `to`, each from its start.
fn fold(
    (from, from_start): (&CubeTensor, usize),
    (to, to_start): (&CubeTensor, usize),
    [outer, len, inner]: [usize; 3],
) {
    let total = outer * len.div_ceil(FOLD) * inner;
    let (count, dim) = grid(from, total);
    // SAFETY: both tensors hold at least what the three sizes say, from their starts on.
    unsafe {
        fold_kernel::launch_unchecked(
            &from.client,
            count,
            dim,
            address_type([from, to]),
            from.clone().into_buffer_arg(),
            to.clone().into_buffer_arg(),
            FoldingLaunch::new(from_start, to_start, len, inner, total),
        );
    }
}

/// What a [`fold_kernel`] adds up: `[outer, len, inner]` numbers.
#[derive(CubeType, CubeLaunch)]
struct Folding {
    from_start: usize,
    to_start: usize,
    len: usize,
    inner: usize,
    /// Sums.
    total: usize,
}

/// Numbers that one unit adds up.
const FOLD: usize = 32;

/// Adds up neighbours, so many at a time: `[outer, len, inner]` to `[outer, ceil(len / 32), inner]`.
/// The order is fixed, whoever runs it.
#[cube(launch_unchecked, address_type = "dynamic")]
fn fold_kernel(from: &[f32], to: &mut [f32], folding: Folding) {
    let at = ABSOLUTE_POS;
    if at >= folding.total {
        terminate!();
    }
    let groups = folding.len.div_ceil(comptime!(FOLD));
    let column = at % folding.inner;
    let first = (at / folding.inner) % groups * comptime!(FOLD);
    let row = at / (folding.inner * groups);
    let mut sum = 0.0f32;
    for i in first..clamp_max(first + comptime!(FOLD), folding.len) {
        sum += from[folding.from_start + (row * folding.len + i) * folding.inner + column];
    }
    to[folding.to_start + at] = sum;
}
