//! The inner loops that make bits of values, compiled for each instruction set.
#![allow(unsafe_code)]

use super::WORD;
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

impl Isa {
    /// Writes a bit for each value: whether it is 1. Returns whether each is 0 or 1.
    pub(crate) fn pack(self, values: &[f32], words: &mut [u64]) -> bool {
        assert_eq!(words.len(), values.len().div_ceil(WORD), "a bit for each value");
        dispatch!(self, pack(values: &[f32], words: &mut [u64]) -> bool)
    }
}

#[inline(always)]
fn pack<S: Simd>(values: &[f32], words: &mut [u64]) -> bool {
    let one = S::splat(1.0);
    let mut others = 0;
    let (whole, rest) = values.as_chunks::<WORD>();
    let last = padded(rest);
    for (values, word) in whole.iter().chain((!rest.is_empty()).then_some(&last)).zip(words) {
        let mut bits = 0;
        for at in (0..WORD).step_by(S::LANES) {
            // SAFETY: a word of values is whole registers.
            let register = unsafe { S::load(values.as_ptr().add(at)) };
            let nonzero = register.nonzero();
            bits |= u64::from(nonzero) << at;
            others |= nonzero & register.sub(one).nonzero();
        }
        *word = bits;
    }
    others == 0
}

/// Values and zeros up to a word.
fn padded(values: &[f32]) -> [f32; WORD] {
    let mut padded = [0.0; WORD];
    padded[..values.len()].copy_from_slice(values);
    padded
}
