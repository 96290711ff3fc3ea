//! `exp` and `ln` with the operations of [`crate::number::elementary`].

use super::avx512::{GREATER, LESS, ONE, ZERO};
use super::encode::*;
use crate::number::elementary::{EXP, EXP_HIGH, EXP_LOW, LN, LN2, NO_FRACTION};
use crate::number::simd::{MANTISSA_BITS, SQRT_HALF_BITS};

const fn exp_at(i: usize) -> u32 {
    EXP[i].to_bits()
}
const fn ln_at(i: usize) -> u32 {
    LN[i].to_bits()
}

/// Constants that instructions broadcast, by index.
pub(super) static POOL: [u32; 31] = [
    1.0f32.to_bits(),
    0x8000_0000,
    0x7fff_ffff,
    f32::NAN.to_bits(),
    0.5f32.to_bits(),
    EXP_HIGH.to_bits(),
    EXP_LOW.to_bits(),
    core::f32::consts::LOG2_E.to_bits(),
    NO_FRACTION.to_bits(),
    LN2[0].to_bits(),
    LN2[1].to_bits(),
    127,
    SQRT_HALF_BITS as u32,
    MANTISSA_BITS as u32,
    exp_at(0),
    exp_at(1),
    exp_at(2),
    exp_at(3),
    exp_at(4),
    exp_at(5),
    ln_at(0),
    ln_at(1),
    ln_at(2),
    ln_at(3),
    ln_at(4),
    ln_at(5),
    ln_at(6),
    ln_at(7),
    ln_at(8),
    0,
    0,
];
pub(super) const POOL_ONE: u8 = 0;
pub(super) const POOL_SIGN: u8 = 1;
pub(super) const POOL_MAGNITUDE: u8 = 2;
const NAN: Operand = Operand::Pool(3);
const HALF: Operand = Operand::Pool(4);
const HIGH: Operand = Operand::Pool(5);
const LOW: Operand = Operand::Pool(6);
const LOG2_E: Operand = Operand::Pool(7);
const SHIFTER: Operand = Operand::Pool(8);
const LN2_HIGH: Operand = Operand::Pool(9);
const LN2_LOW: Operand = Operand::Pool(10);
const BIAS: Operand = Operand::Pool(11);
const BASE: Operand = Operand::Pool(12);
const MANTISSA: Operand = Operand::Pool(13);
const EXP_AT: u8 = 14;
const LN_AT: u8 = 20;

/// Scratch registers.
const T: [Zmm; 6] = [Zmm(20), Zmm(21), Zmm(22), Zmm(23), Zmm(24), Zmm(25)];

impl Bytes {
    fn op(&mut self, op: Opcode, to: Zmm, a: Zmm, b: impl Into<Operand>) {
        self.vector(op, Mask::None, to.0, a.0, b.into());
    }

    fn compare(&mut self, a: Zmm, b: impl Into<Operand>, how: u8) {
        self.vector_with(COMPARE, 1, a.0, b.into(), how);
    }

    fn polynomial(&mut self, to: Zmm, x: Zmm, at: u8, len: u8) {
        self.op(BROADCAST, to, Zmm(0), Operand::Pool(at));
        for i in 1..len {
            self.op(MUL, to, to, x);
            self.op(ADD, to, to, Operand::Pool(at + i));
        }
    }

    pub(super) fn exp(&mut self, to: Zmm, x: Zmm) {
        let [r, k, t, p, head, _] = T;
        self.compare(x, HIGH, GREATER);
        self.vector(BLEND, Mask::K1, r.0, x.0, HIGH);
        self.compare(x, LOW, LESS);
        self.vector(BLEND, Mask::K1, r.0, r.0, LOW);
        self.op(MUL, k, r, LOG2_E);
        self.op(ADD, k, k, SHIFTER);
        self.op(SUB, k, k, SHIFTER);
        for part in [LN2_HIGH, LN2_LOW] {
            self.op(MUL, t, k, part);
            self.op(SUB, r, r, t);
        }
        self.polynomial(p, r, EXP_AT, EXP.len() as u8);
        self.op(MUL, t, r, r);
        self.op(MUL, p, p, t);
        self.op(ADD, head, r, ONE);
        self.op(SUB, t, head, ONE);
        self.op(SUB, t, r, t);
        self.op(ADD, p, t, p);
        self.op(ADD, p, head, p);
        self.op(TO_INT, k, Zmm(0), k);
        self.op(ADD_INT, k, k, BIAS);
        self.shift(k, LEFT);
        self.op(MUL, to, p, k);
    }

    pub(super) fn ln(&mut self, to: Zmm, x: Zmm) {
        let [k, m, p, square, t, _] = T;
        self.op(SUB_INT, k, x, BASE);
        self.op(AND_INT, m, k, MANTISSA);
        self.op(ADD_INT, m, m, BASE);
        self.shift(k, RIGHT);
        self.op(FROM_INT, k, Zmm(0), k);
        self.op(SUB, m, m, ONE);
        self.polynomial(p, m, LN_AT, LN.len() as u8);
        self.op(MUL, square, m, m);
        self.op(MUL, p, p, m);
        self.op(MUL, p, p, square);
        self.op(MUL, t, k, LN2_LOW);
        self.op(ADD, p, p, t);
        self.op(MUL, t, square, HALF);
        self.op(SUB, p, p, t);
        self.op(ADD, p, m, p);
        self.op(MUL, t, k, LN2_HIGH);
        self.op(ADD, p, p, t);
        self.compare(x, ZERO, GREATER);
        self.op(BROADCAST, t, Zmm(0), NAN);
        self.vector(BLEND, Mask::K1, to.0, t.0, p.into());
    }

    /// By 23 bits, the length of a mantissa.
    fn shift(&mut self, x: Zmm, which: u8) {
        self.vector_with(SHIFT_INT, which, x.0, x.into(), 23);
    }
}

const LEFT: u8 = 6;
const RIGHT: u8 = 4;

impl From<Zmm> for Operand {
    fn from(register: Zmm) -> Self {
        Operand::Register(register)
    }
}
