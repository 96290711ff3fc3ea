//! Gradients of parameters: sums over samples and over the neurons that share a value.

use super::launch::{Launch, address_type, grid};
use burn::backend::TensorMetadata;
use burn_cubecl::cubecl;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

/// Sums the contributions of each neuron of the plane to each learnable parameter, `[A, B, N]`, to a gradient
/// packed like the parameters.
pub(super) fn params_gradient(run: &Launch<'_>, learnable: &[usize], parts: CubeTensor) -> CubeTensor {
    let spec = run.spec;
    let gradient = run.zeros(run.operands.params.shape());
    if learnable.is_empty() || run.plane() == 0 {
        return gradient;
    }
    // over the batch, for all of them at once
    let (mut rows, mut len) = (parts, spec.batch);
    while len > 1 {
        let groups = len.div_ceil(FOLD);
        let sums = run.values(learnable.len() * groups * spec.neurons);
        fold((&rows, 0), (&sums, 0), [learnable.len(), len, spec.neurons]);
        (rows, len) = (sums, groups);
    }
    // over the neurons that share a value
    for (a, &k) in learnable.iter().enumerate() {
        let (values, start) = (spec.param_lens[k], spec.param_range(k).start);
        let (mut from, mut at, mut len) = (rows.clone(), a * spec.neurons, spec.neurons_per_value(k));
        while len > FOLD {
            let groups = len.div_ceil(FOLD);
            let sums = run.values(values * groups);
            fold((&from, at), (&sums, 0), [values, len, 1]);
            (from, at, len) = (sums, 0, groups);
        }
        fold((&from, at), (&gradient, start), [values, len, 1]);
    }
    gradient
}

/// Sums `[outer, len, inner]` values of `from` in groups of 32 to `[outer, ceil(len / 32), inner]` values of `to`,
/// each from its start index on.
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

/// Sizes of a fold of `[outer, len, inner]` values.
#[derive(CubeType, CubeLaunch)]
struct Folding {
    from_start: usize,
    to_start: usize,
    len: usize,
    inner: usize,
    /// Number of sums.
    total: usize,
}

/// Values that one unit sums.
const FOLD: usize = 32;

/// Sums groups of 32 neighbours along the middle axis: `[outer, len, inner]` to `[outer, ceil(len / 32), inner]`.
/// The order of summation is fixed.
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
