//! Constants of the machine code, which instructions name by their index.

use super::registers::Width;
use crate::number::elementary::{EXP, EXP_HIGH, EXP_LOW, LN, LN2, NO_FRACTION};
use crate::number::simd::{MANTISSA_BITS, SQRT_HALF_BITS};

pub(super) const ONE: u8 = 0;
pub(super) const SIGN: u8 = 1;
pub(super) const MAGNITUDE: u8 = 2;
pub(super) const NAN: u8 = 3;
pub(super) const HALF: u8 = 4;
pub(super) const HIGH: u8 = 5;
pub(super) const LOW: u8 = 6;
pub(super) const LOG2_E: u8 = 7;
pub(super) const SHIFTER: u8 = 8;
pub(super) const LN2_HIGH: u8 = 9;
pub(super) const LN2_LOW: u8 = 10;
pub(super) const BIAS: u8 = 11;
pub(super) const BASE: u8 = 12;
pub(super) const MANTISSA: u8 = 13;
pub(super) const EXP_AT: u8 = 14;
pub(super) const LN_AT: u8 = EXP_AT + EXP.len() as u8;
pub(super) const ZERO: u8 = LN_AT + LN.len() as u8;
const COUNT: usize = ZERO as usize + 1;

/// One value for each, which AVX-512 broadcasts as it reads it.
static NARROW: [u32; COUNT] = {
    let mut table = [0; COUNT];
    table[ONE as usize] = 1.0f32.to_bits();
    table[SIGN as usize] = 0x8000_0000;
    table[MAGNITUDE as usize] = 0x7fff_ffff;
    table[NAN as usize] = f32::NAN.to_bits();
    table[HALF as usize] = 0.5f32.to_bits();
    table[HIGH as usize] = EXP_HIGH.to_bits();
    table[LOW as usize] = EXP_LOW.to_bits();
    table[LOG2_E as usize] = core::f32::consts::LOG2_E.to_bits();
    table[SHIFTER as usize] = NO_FRACTION.to_bits();
    table[LN2_HIGH as usize] = LN2[0].to_bits();
    table[LN2_LOW as usize] = LN2[1].to_bits();
    table[BIAS as usize] = 127;
    table[BASE as usize] = SQRT_HALF_BITS as u32;
    table[MANTISSA as usize] = MANTISSA_BITS as u32;
    let mut i = 0;
    while i < EXP.len() {
        table[EXP_AT as usize + i] = EXP[i].to_bits();
        i += 1;
    }
    i = 0;
    while i < LN.len() {
        table[LN_AT as usize + i] = LN[i].to_bits();
        i += 1;
    }
    table
};

/// A register full of each, for AVX2.
static FULL: [[u32; 8]; COUNT] = {
    let mut table = [[0; 8]; COUNT];
    let mut i = 0;
    while i < COUNT {
        table[i] = [NARROW[i]; 8];
        i += 1;
    }
    table
};

/// The table that code of this width reads.
pub(super) fn table(width: Width) -> *const u32 {
    match width {
        Width::Ymm => FULL.as_ptr().cast(),
        Width::Zmm => NARROW.as_ptr(),
    }
}
