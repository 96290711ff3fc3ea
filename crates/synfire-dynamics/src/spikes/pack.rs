//! The inner loops that make bits of values, compiled for each instruction set.
#![allow(unsafe_code)]

use super::WORD;
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

impl Isa {
    /// Writes a bit for each value: whether it is 1. Returns whether each is 0 or 1.
    pub(super) fn pack(self, values: &[f32], words: &mut [u64]) -> bool {
        assert_eq!(words.len(), values.len().div_ceil(WORD), "a bit for each value");
        dispatch!(self, pack(values: &[f32], words: &mut [u64]) -> bool)
    }
}

#[inline(always)]
fn pack<S: Simd>(values: &[f32], words: &mut [u64]) -> bool {
    let (zero, one) = (S::splat(0.0), S::splat(1.0));
    let mut others = zero;
    for (values, word) in values.chunks(WORD).zip(words) {
        let (mut bits, mut at) = (0, 0);
        while at < values.len() {
            // SAFETY: a register is read from a slice of its length, or from an array of the longest one.
            let register = unsafe {
                match values.get(at..at + S::LANES) {
                    Some(values) => S::load(values.as_ptr()),
                    None => S::load(padded(&values[at..]).as_ptr()),
                }
            };
            bits |= u64::from(register.nonzero()) << at;
            others = others.add(S::select(register, register.sub(one), zero).abs());
            at += S::LANES;
        }
        *word = bits;
    }
    others.nonzero() == 0
}

/// Values and zeros up to the size of the widest register.
fn padded(values: &[f32]) -> [f32; 16] {
    let mut padded = [0.0; 16];
    padded[..values.len()].copy_from_slice(values);
    padded
}
