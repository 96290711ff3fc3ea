//! Interprets [`Code`](super::code::Code) on blocks of values, a few vector registers at a time.
//!
//! An instruction is decoded once for a whole block, so decoding costs little; its operands are in the
//! first-level cache. The interpreter is compiled once for each instruction set, not for each model.
#![allow(unsafe_code)]

use super::code::{Instruction, Op};
use super::isa::Isa;
use crate::number::elementary::{exp, ln};
use crate::number::simd::*;
use crate::number::{FloatBits, Lanes};
use core::ops::Range;

/// Number of values in a cache line and in the widest register; the length of a block is a multiple of it.
pub(super) const LINE: usize = 16;

impl Isa {
    /// Runs the code on these lines of 16 values of each block.
    ///
    /// # Safety
    ///
    /// The instruction set is [available](Self::available), and each slot that the code names points to a block with
    /// these lines, which nobody else uses meanwhile.
    pub(super) unsafe fn execute(self, code: &[Instruction], table: &[*mut f32], lines: Range<usize>) {
        // SAFETY: as the caller says.
        unsafe {
            match self {
                Isa::Baseline => execute::<Portable>(code, table, lines),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 | Isa::Avx2Jit => avx2(code, table, lines),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512 | Isa::Avx512Jit => avx512(code, table, lines),
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn avx2(code: &[Instruction], table: &[*mut f32], lines: Range<usize>) {
    // SAFETY: as the caller says.
    unsafe { execute::<Avx2>(code, table, lines) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
unsafe fn avx512(code: &[Instruction], table: &[*mut f32], lines: Range<usize>) {
    // SAFETY: as the caller says.
    unsafe { execute::<Avx512>(code, table, lines) }
}

#[inline(always)]
unsafe fn execute<S: Simd>(code: &[Instruction], table: &[*mut f32], lines: Range<usize>) {
    let count = lines.len() * LINE;
    for &Instruction { op, to, from: [a, b, c] } in code {
        // SAFETY: as the caller says.
        let slot = |slot: u16| unsafe { table[usize::from(slot)].add(lines.start * LINE) };
        let to = slot(to);
        // SAFETY: as the caller says.
        unsafe {
            match op {
                Op::Copy => one::<S>(to, slot(a), count, |a| a),
                Op::Neg => one::<S>(to, slot(a), count, S::neg),
                Op::Exp => one::<S>(to, slot(a), count, |a| exp(Lanes(a)).0),
                Op::PreciseExp => each(to, slot(a), count, f32::exp),
                Op::PreciseLn => each(to, slot(a), count, f32::ln),
                Op::Ln => one::<S>(to, slot(a), count, |a| {
                    let result = ln(Lanes(a));
                    FloatBits::select(Lanes(a).greater(result.splat(0.0)), result, result.splat(f32::NAN)).0
                }),
                Op::Sqrt => one::<S>(to, slot(a), count, S::sqrt),
                Op::Abs => one::<S>(to, slot(a), count, S::abs),
                Op::Floor => one::<S>(to, slot(a), count, S::floor),
                Op::Round => one::<S>(to, slot(a), count, S::round),
                Op::Add => two::<S>(to, [a, b].map(slot), count, S::add),
                Op::Sub => two::<S>(to, [a, b].map(slot), count, S::sub),
                Op::Mul => two::<S>(to, [a, b].map(slot), count, S::mul),
                Op::Div => two::<S>(to, [a, b].map(slot), count, S::div),
                Op::Greater => two::<S>(to, [a, b].map(slot), count, S::greater),
                Op::GreaterEqual => two::<S>(to, [a, b].map(slot), count, S::greater_equal),
                Op::Select => three::<S>(to, [a, b, c].map(slot), count, S::select),
                Op::MulAdd => three::<S>(to, [a, b, c].map(slot), count, |a, b, c| a.mul(b).add(c)),
                Op::MulSub => three::<S>(to, [a, b, c].map(slot), count, |a, b, c| a.mul(b).sub(c)),
                Op::SubMul => three::<S>(to, [a, b, c].map(slot), count, |a, b, c| c.sub(a.mul(b))),
            }
        }
    }
}

// SAFETY of all:  as the caller of `Isa::execute` says.

unsafe fn each(to: *mut f32, a: *const f32, count: usize, f: impl Fn(f32) -> f32) {
    for i in 0..count {
        unsafe { *to.add(i) = f(*a.add(i)) }
    }
}

#[inline(always)]
unsafe fn one<S: Simd>(to: *mut f32, a: *const f32, count: usize, f: impl Fn(S) -> S) {
    for i in (0..count).step_by(S::LANES) {
        unsafe { f(S::load(a.add(i))).store(to.add(i)) }
    }
}

#[inline(always)]
unsafe fn two<S: Simd>(to: *mut f32, [a, b]: [*mut f32; 2], count: usize, f: impl Fn(S, S) -> S) {
    for i in (0..count).step_by(S::LANES) {
        unsafe { f(S::load(a.add(i)), S::load(b.add(i))).store(to.add(i)) }
    }
}

#[inline(always)]
unsafe fn three<S: Simd>(to: *mut f32, [a, b, c]: [*mut f32; 3], count: usize, f: impl Fn(S, S, S) -> S) {
    for i in (0..count).step_by(S::LANES) {
        unsafe { f(S::load(a.add(i)), S::load(b.add(i)), S::load(c.add(i))).store(to.add(i)) }
    }
}
