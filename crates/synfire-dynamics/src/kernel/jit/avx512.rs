//! Compiles code to AVX-512.

use super::elementary::{POOL_MAGNITUDE, POOL_ONE, POOL_SIGN};
use super::encode::*;
use crate::kernel::code::{Code, Instruction, Op, Slot};
use std::collections::VecDeque;

// zmm0..20 hold intermediate results, as far as they fit, and copies of blocks in memory;
// zmm20..26 belong to `exp` and `ln`
const VALUES: u8 = 20;
const MAGNITUDE: Zmm = Zmm(26);
const SIGN: Zmm = Zmm(27);
pub(super) const ZERO: Zmm = Zmm(28);
pub(super) const ONE: Zmm = Zmm(29);
const SCRATCH: Zmm = Zmm(31);

// predicates of comparisons; a NaN is unequal to everything, and all other comparisons with it are false
pub(super) const GREATER: u8 = 0x1e;
const GREATER_EQUAL: u8 = 0x1d;
pub(super) const LESS: u8 = 0x11;
const UNEQUAL: u8 = 0x04;

const DOWN: u8 = 0b1001;
const TO_NEAREST_EVEN: u8 = 0b1000;

/// The bytes of a function of the table of slots, the number of lines and the pool of constants.
pub(super) fn compile(code: &Code) -> Vec<u8> {
    let mut to = Compiler::new(code);
    to.bytes.0.extend([0x49, 0x89, 0xf3]); // mov r11, rsi
    to.bytes.0.extend([0x49, 0xc1, 0xe3, 6]); // shl r11, 6: bytes of a line
    to.bytes.0.extend([0x31, 0xf6]); // xor esi, esi
    for (register, constant) in [(ONE, POOL_ONE), (SIGN, POOL_SIGN), (MAGNITUDE, POOL_MAGNITUDE)] {
        to.bytes.vector(BROADCAST, Mask::None, register.0, 0, Operand::Pool(constant));
    }
    to.bytes.vector(XOR_INT, Mask::None, ZERO.0, ZERO.0, ZERO.into());
    let start = to.bytes.0.len();
    for instruction in &code.instructions {
        to.instruction(instruction);
    }
    to.bytes.0.extend([0x48, 0x83, 0xc6, 64]); // add rsi, 64
    to.bytes.0.extend([0x4c, 0x39, 0xde]); // cmp rsi, r11
    let back = start as i32 - (to.bytes.0.len() as i32 + 6);
    to.bytes.0.extend([0x0f, 0x82]); // jb start
    to.bytes.0.extend(back.to_le_bytes());
    to.bytes.0.extend([0xc5, 0xf8, 0x77]); // vzeroupper
    to.bytes.0.push(0xc3); // ret
    to.bytes.0
}

/// The function so far, and which register holds which slot while a line is computed.
struct Compiler {
    bytes: Bytes,
    /// First slot of intermediate results.
    registers: Slot,
    /// Number of intermediate results that are registers.
    own: u8,
    /// Registers with copies of blocks in memory, the least recently used first.
    copies: VecDeque<(Zmm, Option<Slot>)>,
    /// Address registers with the slots that they point at, the least recently used first.
    pointers: VecDeque<(Address, Option<Slot>)>,
}

impl Compiler {
    fn new(code: &Code) -> Self {
        let own = (code.registers as u8).min(VALUES - 4);
        Compiler {
            bytes: Bytes::default(),
            registers: code.first_register,
            own,
            copies: (own..VALUES).map(|i| (Zmm(i), None)).collect(),
            pointers: [RAX, RCX, R8, R9, R10].map(|address| (address, None)).into(),
        }
    }

    /// The register of an intermediate result.
    fn register(&self, slot: Slot) -> Option<Zmm> {
        let index = slot.checked_sub(self.registers)?;
        (index < Slot::from(self.own)).then_some(Zmm(index as u8))
    }

    /// The address of a slot's block.
    fn pointer(&mut self, slot: Slot) -> Address {
        let known = self.pointers.iter().position(|(_, of)| *of == Some(slot));
        let (address, _) = self.pointers.remove(known.unwrap_or(0)).unwrap_or((RAX, None));
        if known.is_none() {
            self.bytes.pointer(address, slot);
        }
        self.pointers.push_back((address, Some(slot)));
        address
    }

    /// A register for a slot in memory, and whether it holds a copy already.
    fn copy_of(&mut self, slot: Slot) -> (Zmm, bool) {
        let known = self.copies.iter().position(|(_, of)| *of == Some(slot));
        let (register, _) = self.copies.remove(known.unwrap_or(0)).unwrap_or((SCRATCH, None));
        self.copies.push_back((register, Some(slot)));
        (register, known.is_some())
    }

    /// A register with the values of a slot.
    fn load(&mut self, slot: Slot) -> Zmm {
        if let Some(register) = self.register(slot) {
            return register;
        }
        let (register, known) = self.copy_of(slot);
        if !known {
            let address = self.pointer(slot);
            self.bytes.vector(LOAD, Mask::None, register.0, 0, Operand::Line(address));
        }
        register
    }

    fn instruction(&mut self, &Instruction { op, to, from: [a, b, c] }: &Instruction) {
        // what is read is loaded first: the slot that is written to may take the register of a copy
        let a = self.load(a);
        let b = if op.operands() > 1 { self.load(b) } else { a };
        let c = if op.operands() > 2 { self.load(c) } else { b };
        let stored = self.register(to).is_none();
        let result = self.register(to).unwrap_or_else(|| self.copy_of(to).0);
        let simple = |this: &mut Self, op, x: Zmm, y: Zmm| this.bytes.vector(op, Mask::None, result.0, x.0, y.into());
        match op {
            Op::Copy => simple(self, LOAD, Zmm(0), a),
            Op::Neg => simple(self, XOR_INT, a, SIGN),
            Op::Abs => simple(self, AND_INT, a, MAGNITUDE),
            Op::Sqrt => simple(self, SQRT, Zmm(0), a),
            Op::Floor => self.bytes.vector_with(ROUND, result.0, 0, a.into(), DOWN),
            Op::Round => self.bytes.vector_with(ROUND, result.0, 0, a.into(), TO_NEAREST_EVEN),
            Op::Exp => self.bytes.exp(result, a),
            Op::Ln => self.bytes.ln(result, a),
            Op::Add => simple(self, ADD, a, b),
            Op::Sub => simple(self, SUB, a, b),
            Op::Mul => simple(self, MUL, a, b),
            Op::Div => simple(self, DIV, a, b),
            Op::Greater | Op::GreaterEqual => {
                let how = if op == Op::Greater { GREATER } else { GREATER_EQUAL };
                self.bytes.vector_with(COMPARE, 1, a.0, b.into(), how);
                self.bytes.vector(LOAD, Mask::K1Zero, result.0, 0, ONE.into());
            }
            Op::Select => {
                self.bytes.vector_with(COMPARE, 1, a.0, ZERO.into(), UNEQUAL);
                self.bytes.vector(BLEND, Mask::K1, result.0, c.0, b.into());
            }
            Op::MulAdd | Op::MulSub | Op::SubMul => {
                self.bytes.vector(MUL, Mask::None, SCRATCH.0, a.0, b.into());
                match op {
                    Op::MulAdd => simple(self, ADD, SCRATCH, c),
                    Op::MulSub => simple(self, SUB, SCRATCH, c),
                    _ => simple(self, SUB, c, SCRATCH),
                }
            }
            Op::PreciseExp | Op::PreciseLn => unreachable!("only code that runs once has them"),
        }
        if stored {
            let address = self.pointer(to);
            self.bytes.vector(STORE, Mask::None, result.0, 0, Operand::Line(address));
        }
    }
}
