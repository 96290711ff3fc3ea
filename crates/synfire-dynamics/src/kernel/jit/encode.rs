//! Encodes the x86-64 instructions that are needed: VEX with 256 bits, EVEX with 512, and a few for addresses.

use super::compile::UNEQUAL;
use super::constants::ZERO;
use super::registers::{Address, Operand, RDI, RDX, RSI, Register, Width};

/// An opcode: its map (1: 0F, 2: 0F38, 3: 0F3A), mandatory prefix (0: none, 1: 66), opcode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opcode(pub(super) u8, pub(super) u8, pub(super) u8);

pub(super) const LOAD: Opcode = Opcode(1, 0, 0x10);
pub(super) const STORE: Opcode = Opcode(1, 0, 0x11);
pub(super) const ADD: Opcode = Opcode(1, 0, 0x58);
pub(super) const MUL: Opcode = Opcode(1, 0, 0x59);
pub(super) const SUB: Opcode = Opcode(1, 0, 0x5c);
pub(super) const DIV: Opcode = Opcode(1, 0, 0x5e);
pub(super) const SQRT: Opcode = Opcode(1, 0, 0x51);
pub(super) const ROUND: Opcode = Opcode(3, 1, 0x08);
pub(super) const AND_INT: Opcode = Opcode(1, 1, 0xdb);
pub(super) const XOR_INT: Opcode = Opcode(1, 1, 0xef);
pub(super) const ADD_INT: Opcode = Opcode(1, 1, 0xfe);
pub(super) const SUB_INT: Opcode = Opcode(1, 1, 0xfa);
pub(super) const SHIFT_INT: Opcode = Opcode(1, 1, 0x72);
pub(super) const TO_INT: Opcode = Opcode(1, 1, 0x5b);
pub(super) const FROM_INT: Opcode = Opcode(1, 0, 0x5b);
const COMPARE: Opcode = Opcode(1, 0, 0xc2);
/// With the masks of `k1`; AVX-512 only.
const BLEND: Opcode = Opcode(2, 1, 0x65);
/// With the masks of a fourth register; AVX2 only.
const BLEND_BY: Opcode = Opcode(3, 1, 0x4a);
/// AVX-512 only.
const BROADCAST: Opcode = Opcode(2, 1, 0x18);

/// Masking of lanes by `k1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mask {
    None,
    /// Lanes that are not set keep the second operand (`BLEND`).
    K1,
    /// Lanes that are not set become 0.
    K1Zero,
}

/// The bytes of a function so far.
pub(super) struct Bytes {
    pub(super) bytes: Vec<u8>,
    width: Width,
}

impl Bytes {
    pub(super) fn new(width: Width) -> Self {
        Bytes { bytes: vec![], width }
    }

    /// `to = op(a, b)`. Of operations with one operand it is `b`, and `a` is register 0.
    pub(super) fn op(&mut self, op: Opcode, to: Register, a: Register, b: impl Into<Operand>) {
        self.vector(op, Mask::None, to, a, b.into());
    }

    /// As [`op`](Self::op), followed by an immediate byte.
    pub(super) fn op_with(&mut self, op: Opcode, to: Register, a: Register, b: impl Into<Operand>, immediate: u8) {
        self.op(op, to, a, b);
        self.bytes.push(immediate);
    }

    /// Gives each lane of a register the constant.
    pub(super) fn broadcast(&mut self, to: Register, constant: u8) {
        let op = if self.width == Width::Zmm { BROADCAST } else { LOAD };
        self.op(op, to, Register(0), Operand::Constant(constant));
    }

    /// Sets the masks of the lanes where the comparison holds.
    pub(super) fn compare(&mut self, a: Register, b: impl Into<Operand>, how: u8) {
        let masks = if self.width == Width::Zmm { Register(1) } else { Width::MASK };
        self.op_with(COMPARE, masks, a, b, how);
    }

    /// `then` in the lanes whose mask is set, `otherwise` in the others.
    pub(super) fn blend(&mut self, to: Register, otherwise: Register, then: impl Into<Operand>) {
        match self.width {
            Width::Zmm => self.vector(BLEND, Mask::K1, to, otherwise, then.into()),
            Width::Ymm => self.op_with(BLEND_BY, to, otherwise, then, Width::MASK.0 << 4),
        }
    }

    /// `value` in the lanes whose mask is set, 0 in the others.
    pub(super) fn keep(&mut self, to: Register, value: impl Into<Operand>) {
        match self.width {
            Width::Zmm => self.vector(LOAD, Mask::K1Zero, to, Register(0), value.into()),
            Width::Ymm => self.op(AND_INT, to, Width::MASK, value),
        }
    }

    /// `to = table[index]`, the table being where `rdi` points.
    pub(super) fn pointer(&mut self, to: Address, index: u16) {
        self.bytes.extend([0x48 | to.0 >> 3 << 2, 0x8b, 0b10 << 6 | (to.0 & 7) << 3 | RDI.0]);
        self.bytes.extend((u32::from(index) * 8).to_le_bytes());
    }

    /// Writes a bit for each lane, whether it is not 0, to where `rcx` points, and moves that on. Overwrites `rax`.
    pub(super) fn put_bits(&mut self, values: Register) {
        self.compare(values, self.width.constant(ZERO), UNEQUAL);
        match self.width {
            Width::Zmm => {
                self.bytes.extend([0xc5, 0xf8, 0x91, 0x09]); // kmovw [rcx], k1
                self.bytes.extend([0x48, 0x83, 0xc1, 2]); // add rcx, 2
            }
            Width::Ymm => {
                self.bytes.extend([0xc4, 0xc1, 0x7c, 0x50, 0xc0 | Width::MASK.0 & 7]); // vmovmskps eax, mask
                self.bytes.extend([0x88, 0x01]); // mov [rcx], al
                self.bytes.extend([0x48, 0x83, 0xc1, 1]); // add rcx, 1
            }
        }
    }

    fn vector(&mut self, op: Opcode, mask: Mask, to: Register, a: Register, b: Operand) {
        match self.width {
            Width::Ymm => self.vex(op, to, a, b),
            Width::Zmm => self.evex(op, mask, to, a, b),
        }
        let register = (to.0 & 7) << 3;
        match b {
            Operand::Register(Register(r)) => self.bytes.push(0b11 << 6 | register | r & 7),
            // an address and an index: a byte for both follows
            Operand::Line(Address(base)) => self.bytes.extend([register | 0b100, RSI.0 << 3 | base & 7]),
            Operand::Constant(index) => match self.width {
                // an address and a byte that counts in fours
                Width::Zmm => self.bytes.extend([0b01 << 6 | register | RDX.0, index]),
                // an address and four bytes
                Width::Ymm => {
                    self.bytes.push(0b10 << 6 | register | RDX.0);
                    self.bytes.extend((u32::from(index) * u32::from(Width::Ymm.bytes())).to_le_bytes());
                }
            },
        }
    }

    /// Prefix and opcode of an instruction on 256 bits.
    fn vex(&mut self, Opcode(map, prefix, opcode): Opcode, to: Register, a: Register, b: Operand) {
        self.bytes.extend([
            0xc4,
            not(to.0 >> 3) << 7 | 1 << 6 | not(high_bits(b).0) << 5 | map,
            (a.0 & 15 ^ 15) << 3 | 1 << 2 | prefix,
            opcode,
        ]);
    }

    /// Prefix and opcode of an instruction on 512 bits.
    fn evex(&mut self, Opcode(map, prefix, opcode): Opcode, mask: Mask, to: Register, a: Register, b: Operand) {
        let (b3, x) = high_bits(b);
        let broadcast = u8::from(matches!(b, Operand::Constant(_)) && opcode != BROADCAST.2);
        let (zero, k) = match mask {
            Mask::None => (0, 0),
            Mask::K1 => (0, 1),
            Mask::K1Zero => (1, 1),
        };
        self.bytes.extend([
            0x62,
            not(to.0 >> 3) << 7 | not(x) << 6 | not(b3) << 5 | not(to.0 >> 4) << 4 | map,
            (a.0 & 15 ^ 15) << 3 | 1 << 2 | prefix,
            zero << 7 | 0b10 << 5 | broadcast << 4 | not(a.0 >> 4) << 3 | k,
            opcode,
        ]);
    }
}

/// Bits 3 and 4 of the index of a register; those of an address have no more than 3.
fn high_bits(operand: Operand) -> (u8, u8) {
    match operand {
        Operand::Register(Register(r)) => (r >> 3 & 1, r >> 4 & 1),
        Operand::Line(Address(base)) => (base >> 3, 0),
        Operand::Constant(_) => (0, 0),
    }
}

fn not(bit: u8) -> u8 {
    bit & 1 ^ 1
}
