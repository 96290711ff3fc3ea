//! One pass over the values of a parameter.
#![allow(unsafe_code)]

use super::adam::AdamFactors;
use super::sgd::SgdFactors;
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
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

/// The rule by which an optimiser changes one register of parameters and its states.
///
/// A method and not a closure: closures are not compiled for the instruction set of the function that they are in.
trait Rule<const N: usize> {
    /// New parameters and states from parameters, gradient and states.
    fn update<S: Simd>(&self, parameters: S, gradient: S, states: [S; N]) -> (S, [S; N]);
}

impl Rule<2> for AdamFactors {
    #[inline(always)]
    fn update<S: Simd>(&self, parameters: S, gradient: S, [first, second]: [S; 2]) -> (S, [S; 2]) {
        let gradient = parameters.mul(S::splat(self.penalty)).add(gradient);
        let taken = gradient.mul(S::splat(1.0 - self.betas[0]));
        let first = first.mul(S::splat(self.betas[0])).add(taken);
        let taken = gradient.mul(gradient).mul(S::splat(1.0 - self.betas[1]));
        let second = second.mul(S::splat(self.betas[1])).add(taken);
        let change = first.mul(S::splat(self.correction)).div(second.sqrt().add(S::splat(self.epsilon)));
        (parameters.mul(S::splat(self.kept)).sub(change.mul(S::splat(self.rate))), [first, second])
    }
}

impl Rule<1> for SgdFactors {
    #[inline(always)]
    fn update<S: Simd>(&self, parameters: S, gradient: S, [velocity]: [S; 1]) -> (S, [S; 1]) {
        let gradient = parameters.mul(S::splat(self.penalty)).add(gradient);
        let velocity = gradient.add(velocity.mul(S::splat(self.momentum)));
        (parameters.mul(S::splat(self.kept)).sub(velocity.mul(S::splat(self.rate))), [velocity])
    }
}

#[inline(always)]
fn adam<S: Simd>(factors: &AdamFactors, values: Values<'_, 2>) {
    update::<S, 2>(factors, values);
}

#[inline(always)]
fn sgd<S: Simd>(factors: &SgdFactors, values: Values<'_, 1>) {
    update::<S, 1>(factors, values);
}

/// Replaces gradient and states by what the rule makes of parameters, gradient and states.
#[inline(always)]
fn update<S: Simd, const N: usize>(rule: &impl Rule<N>, values: Values<'_, N>) {
    let Values { parameters, gradient, mut states } = values;
    let len = parameters.len();
    assert!(gradient.len() == len && states.iter().all(|x| x.len() == len), "tensors of one size");
    let mut pointers = [core::ptr::null_mut(); N];
    for (pointer, state) in pointers.iter_mut().zip(&mut states) {
        *pointer = state.as_mut_ptr();
    }
    let whole = len / S::LANES * S::LANES;
    for at in (0..whole).step_by(S::LANES) {
        // SAFETY: from `at` on each slice has a register's values, as `whole` is no more than their length.
        unsafe { one::<S, N>(rule, parameters.as_ptr().add(at), gradient.as_mut_ptr().add(at), pointers, at) };
    }
    if whole < len {
        let (from, mut to) = (padded(&parameters[whole..]), padded(&gradient[whole..]));
        let mut rests = [[0.0; LINE]; N];
        for ((rest, pointer), state) in rests.iter_mut().zip(&mut pointers).zip(&states) {
            *rest = padded(&state[whole..]);
            *pointer = rest.as_mut_ptr();
        }
        // SAFETY: `LINE` values are at least a register.
        unsafe { one::<S, N>(rule, from.as_ptr(), to.as_mut_ptr(), pointers, 0) };
        gradient[whole..].copy_from_slice(&to[..len - whole]);
        states.iter_mut().zip(&rests).for_each(|(x, rest)| x[whole..].copy_from_slice(&rest[..len - whole]));
    }
}

/// Values and zeros up to the size of the widest register.
fn padded(values: &[f32]) -> [f32; LINE] {
    let mut padded = [0.0; LINE];
    padded[..values.len()].copy_from_slice(values);
    padded
}

/// Updates one register of each tensor, that of the states from index `at` on.
///
/// # Safety
///
/// All point to at least a register's values, the states from `at` on.
#[inline(always)]
unsafe fn one<S: Simd, const N: usize>(
    rule: &impl Rule<N>,
    parameters: *const f32,
    gradient: *mut f32,
    states: [*mut f32; N],
    at: usize,
) {
    // SAFETY: as the caller says.
    unsafe {
        let mut registers = [S::splat(0.0); N];
        for (register, state) in registers.iter_mut().zip(states) {
            *register = S::load(state.add(at));
        }
        let (new, changed) = rule.update(S::load(parameters), S::load(gradient), registers);
        new.store(gradient);
        for (state, register) in states.into_iter().zip(changed) {
            register.store(state.add(at));
        }
    }
}
