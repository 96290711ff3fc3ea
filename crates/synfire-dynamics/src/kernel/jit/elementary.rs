//! `exp` and `ln` with the operations of [`crate::number::elementary`].

use super::compile::{GREATER, LESS};
use super::constants::*;
use super::encode::*;
use super::registers::{Operand, Register, Width};
use crate::number::elementary::{EXP, LN};

/// Immediate bytes of shifts.
const LEFT: Register = Register(6);
const RIGHT: Register = Register(4);

impl Bytes {
    fn polynomial(&mut self, to: Register, x: Register, at: u8, len: u8) {
        self.broadcast(to, at);
        for i in 1..len {
            self.op(MUL, to, to, x);
            self.op(ADD, to, to, Operand::Constant(at + i));
        }
    }

    pub(super) fn exp(&mut self, width: Width, to: Register, x: Register) {
        let at = |constant| width.constant(constant);
        let [r, k, t, p, head] = width.temporaries();
        self.compare(x, at(HIGH), GREATER);
        self.blend(r, x, at(HIGH));
        self.compare(x, at(LOW), LESS);
        self.blend(r, r, at(LOW));
        self.op(MUL, k, r, at(LOG2_E));
        self.op(ADD, k, k, at(SHIFTER));
        self.op(SUB, k, k, at(SHIFTER));
        for part in [LN2_HIGH, LN2_LOW] {
            self.op(MUL, t, k, at(part));
            self.op(SUB, r, r, t);
        }
        self.polynomial(p, r, EXP_AT, EXP.len() as u8);
        self.op(MUL, t, r, r);
        self.op(MUL, p, p, t);
        self.op(ADD, head, r, at(ONE));
        self.op(SUB, t, head, at(ONE));
        self.op(SUB, t, r, t);
        self.op(ADD, p, t, p);
        self.op(ADD, p, head, p);
        self.op(TO_INT, k, Register(0), k);
        self.op(ADD_INT, k, k, at(BIAS));
        self.shift(k, LEFT);
        self.op(MUL, to, p, k);
    }

    pub(super) fn ln(&mut self, width: Width, to: Register, x: Register) {
        let at = |constant| width.constant(constant);
        let [k, m, p, square, t] = width.temporaries();
        self.op(SUB_INT, k, x, at(BASE));
        self.op(AND_INT, m, k, at(MANTISSA));
        self.op(ADD_INT, m, m, at(BASE));
        self.shift(k, RIGHT);
        self.op(FROM_INT, k, Register(0), k);
        self.op(SUB, m, m, at(ONE));
        self.polynomial(p, m, LN_AT, LN.len() as u8);
        self.op(MUL, square, m, m);
        self.op(MUL, p, p, m);
        self.op(MUL, p, p, square);
        self.op(MUL, t, k, at(LN2_LOW));
        self.op(ADD, p, p, t);
        self.op(MUL, t, square, at(HALF));
        self.op(SUB, p, p, t);
        self.op(ADD, p, m, p);
        self.op(MUL, t, k, at(LN2_HIGH));
        self.op(ADD, p, p, t);
        self.compare(x, at(ZERO), GREATER);
        self.broadcast(t, NAN);
        self.blend(to, t, p);
    }

    /// By 23 bits, the length of a mantissa. The register that is written to is named where others name their first operand.
    fn shift(&mut self, x: Register, which: Register) {
        self.op_with(SHIFT_INT, which, x, x, 23);
    }
}
