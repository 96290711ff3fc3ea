//! One pass over the values of a parameter.
#![allow(unsafe_code)]

use super::adam::AdamFactors;
use super::sgd::SgdFactors;
use crate::kernel::Isa;
use crate::number::simd::*;
use crate::product::dispatch;
use rayon::prelude::*;

/// Values of a task: 64 KiB of each tensor.
const TASK: usize = 1 << 14;
/// Values of the widest register.
const LINE: usize = 16;

/// A step of Adam. Writes the new parameters into `gradient`, and the new moments into the old ones.
pub(crate) fn adam_pass(
    isa: Isa,
    factors: &AdamFactors,
    parameters: &[f32],
    gradient: &mut [f32],
    [first, second]: [&mut [f32]; 2],
) {
    let tasks = parameters.par_chunks(TASK).zip(gradient.par_chunks_mut(TASK));
    let tasks = tasks.zip(first.par_chunks_mut(TASK).zip(second.par_chunks_mut(TASK)));
    tasks.for_each(|((parameters, gradient), (first, second))| {
        let values = Values { parameters, gradient, states: [first, second] };
        dispatch!(isa, adam(factors: &AdamFactors, values: Values<'_, 2>) -> ());
    });
}

/// A step of gradient descent. Writes the new parameters into `gradient`, and the new velocity into the old one.
pub(crate) fn sgd_pass(isa: Isa, factors: &SgdFactors, parameters: &[f32], gradient: &mut [f32], velocity: &mut [f32]) {
    let tasks = parameters.par_chunks(TASK).zip(gradient.par_chunks_mut(TASK)).zip(velocity.par_chunks_mut(TASK));
    tasks.for_each(|((parameters, gradient), velocity)| {
        let values = Values { parameters, gradient, states: [velocity] };
        dispatch!(isa, sgd(factors: &SgdFactors, values: Values<'_, 1>) -> ());
    });
}

/// Values of a task, as many of each tensor.
struct Values<'a, const N: usize> {
    parameters: &'a [f32],
    gradient: &'a mut [f32],
    states: [&'a mut [f32]; N],
}

impl<const N: usize> Values<'_, N> {
    /// Replaces gradient and states, register by register, by what `update` makes of parameters, gradient and states.
    #[inline(always)]
    fn update<S: Simd>(self, update: impl Fn(S, S, [S; N]) -> (S, [S; N])) {
        let Values { parameters, gradient, mut states } = self;
        let len = parameters.len();
        assert!(gradient.len() == len && states.iter().all(|x| x.len() == len), "tensors of one size");
        let whole = len / S::LANES * S::LANES;
        for at in (0..whole).step_by(S::LANES) {
            let states = states.each_mut().map(|x| x[at..].as_mut_ptr());
            // SAFETY: from `at` on each slice has a register's values, as `whole` is no more than their length.
            unsafe { one(parameters[at..].as_ptr(), gradient[at..].as_mut_ptr(), states, &update) };
        }
        if whole < len {
            let padded = |x: &[f32]| {
                let mut padded = [0.0; LINE];
                padded[..len - whole].copy_from_slice(&x[whole..]);
                padded
            };
            let (from, mut to) = (padded(parameters), padded(gradient));
            let mut rest = states.each_ref().map(|x| padded(x));
            // SAFETY: `LINE` values are at least a register.
            unsafe { one(from.as_ptr(), to.as_mut_ptr(), rest.each_mut().map(|x| x.as_mut_ptr()), &update) };
            gradient[whole..].copy_from_slice(&to[..len - whole]);
            states.iter_mut().zip(&rest).for_each(|(x, rest)| x[whole..].copy_from_slice(&rest[..len - whole]));
        }
    }
}

/// Updates one register of each tensor.
///
/// # Safety
///
/// All point to at least a register's values.
#[inline(always)]
unsafe fn one<S: Simd, const N: usize>(
    parameters: *const f32,
    gradient: *mut f32,
    states: [*mut f32; N],
    update: impl Fn(S, S, [S; N]) -> (S, [S; N]),
) {
    // SAFETY: as the caller says.
    unsafe {
        let (new, changed) = update(S::load(parameters), S::load(gradient), states.map(|x| S::load(x)));
        new.store(gradient);
        for (to, state) in states.into_iter().zip(changed) {
            state.store(to);
        }
    }
}

#[inline(always)]
fn adam<S: Simd>(factors: &AdamFactors, values: Values<'_, 2>) {
    let splat = S::splat;
    let [keep_first, keep_second] = factors.betas.map(splat);
    let [take_first, take_second] = factors.betas.map(|beta| splat(1.0 - beta));
    let [rate, correction, epsilon] = [factors.rate, factors.correction, factors.epsilon].map(splat);
    let [penalty, kept] = [factors.penalty, factors.kept].map(splat);
    values.update(|parameters: S, gradient, [first, second]| {
        let gradient = parameters.mul(penalty).add(gradient);
        let first = first.mul(keep_first).add(gradient.mul(take_first));
        let second = second.mul(keep_second).add(gradient.mul(gradient).mul(take_second));
        let change = first.mul(correction).div(second.sqrt().add(epsilon));
        (parameters.mul(kept).sub(change.mul(rate)), [first, second])
    });
}

#[inline(always)]
fn sgd<S: Simd>(factors: &SgdFactors, values: Values<'_, 1>) {
    let [rate, momentum] = [factors.rate, factors.momentum].map(S::splat);
    let [penalty, kept] = [factors.penalty, factors.kept].map(S::splat);
    values.update(|parameters: S, gradient, [velocity]| {
        let velocity = parameters.mul(penalty).add(gradient).add(velocity.mul(momentum));
        (parameters.mul(kept).sub(velocity.mul(rate)), [velocity])
    });
}
