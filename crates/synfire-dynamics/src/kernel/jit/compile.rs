//! Compiles code for registers of a width.

use super::Variant;
use super::constants::{MAGNITUDE, ONE, SIGN, ZERO};
use super::encode::*;
use super::registers::*;
use crate::kernel::code::{Code, Instruction, Op, Slot};
use std::collections::VecDeque;

// predicates of comparisons; a NaN is unequal to everything, and all other comparisons with it are false
pub(super) const GREATER: u8 = 0x1e;
const GREATER_EQUAL: u8 = 0x1d;
pub(super) const LESS: u8 = 0x11;
pub(super) const UNEQUAL: u8 = 0x04;

const DOWN: u8 = 0b1001;
const TO_NEAREST_EVEN: u8 = 0b1000;

/// The bytes of a function of the table of slots, the number of lines of 16 values, the table of constants, and the bits of the
/// output.
pub(super) fn compile(code: &Code, variant: Variant) -> Vec<u8> {
    let width = variant.width;
    let mut to = Compiler::new(code, variant);
    let raw = |to: &mut Compiler, bytes: &[u8]| to.bytes.bytes.extend(bytes);
    raw(&mut to, &[0x49, 0x89, 0xf3]); // mov r11, rsi
    raw(&mut to, &[0x49, 0xc1, 0xe3, 6]); // shl r11, 6: bytes of all lines
    raw(&mut to, &[0x31, 0xf6]); // xor esi, esi
    if width == Width::Zmm {
        for (register, constant) in Width::HELD {
            match constant {
                ZERO => to.bytes.op(XOR_INT, register, register, register),
                _ => to.bytes.broadcast(register, constant),
            }
        }
    }
    for (register, slot) in to.held.clone() {
        to.bytes.pointer(RAX, slot);
        to.bytes.op(LOAD, register, Register(0), Operand::Line(RAX));
    }
    let start = to.bytes.bytes.len();
    for instruction in &code.instructions {
        to.instruction(instruction);
    }
    raw(&mut to, &[0x48, 0x83, 0xc6, width.bytes()]); // add rsi, bytes of a register
    raw(&mut to, &[0x4c, 0x39, 0xde]); // cmp rsi, r11
    let back = start as i32 - (to.bytes.bytes.len() as i32 + 6);
    raw(&mut to, &[0x0f, 0x82]); // jb start
    raw(&mut to, &back.to_le_bytes());
    raw(&mut to, &[0xc5, 0xf8, 0x77]); // vzeroupper
    raw(&mut to, &[0xc3]); // ret
    to.bytes.bytes
}

/// The function so far, and which register holds which slot while a line is computed.
struct Compiler {
    bytes: Bytes,
    width: Width,
    /// First slot of intermediate results.
    registers: Slot,
    /// Number of intermediate results that are registers.
    own: u8,
    /// Registers that hold a slot with one value throughout.
    held: Vec<(Register, Slot)>,
    /// The register of an output that goes to bits.
    output: Option<(Register, Slot)>,
    /// Registers with copies of blocks in memory, the least recently used first.
    copies: VecDeque<(Register, Option<Slot>)>,
    /// Address registers with the slots that they point at, the least recently used first.
    pointers: VecDeque<(Address, Option<Slot>)>,
}

impl Compiler {
    fn new(code: &Code, Variant { width, shared, bits }: Variant) -> Self {
        let values = width.values(code.instructions.iter().any(|step| matches!(step.op, Op::Exp | Op::Ln)));
        let output = code.output.filter(|_| bits).map(|slot| (Register(values - 1), slot));
        let values = values - u8::from(output.is_some());
        // four for copies: an instruction reads three slots and writes one
        let own = code.registers.min(usize::from(values - 4)) as u8;
        let held: Vec<_> = (own..values - 4).map(Register).zip(code.constant(shared)).collect();
        let addresses = if bits { &[R8, R9, R10][..] } else { &[RAX, RCX, R8, R9, R10] };
        Compiler {
            bytes: Bytes::new(width),
            width,
            registers: code.first_register,
            own,
            copies: (own + held.len() as u8..values).map(|i| (Register(i), None)).collect(),
            held,
            output,
            pointers: addresses.iter().map(|&address| (address, None)).collect(),
        }
    }

    /// The register of an intermediate result, or of an output that goes to bits.
    fn register(&self, slot: Slot) -> Option<Register> {
        if let Some((register, _)) = self.output.filter(|(_, output)| *output == slot) {
            return Some(register);
        }
        let index = slot.checked_sub(self.registers)?;
        (index < Slot::from(self.own)).then_some(Register(index as u8))
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
    fn copy_of(&mut self, slot: Slot) -> (Register, bool) {
        let known = self.copies.iter().position(|(_, of)| *of == Some(slot));
        let (register, _) = self.copies.remove(known.unwrap_or(0)).unwrap_or((self.width.scratch(), None));
        self.copies.push_back((register, Some(slot)));
        (register, known.is_some())
    }

    /// A register with the values of a slot.
    fn load(&mut self, slot: Slot) -> Register {
        let held = self.held.iter().find(|(_, of)| *of == slot).map(|(register, _)| *register);
        if let Some(register) = self.register(slot).or(held) {
            return register;
        }
        let (register, known) = self.copy_of(slot);
        if !known {
            let address = self.pointer(slot);
            self.bytes.op(LOAD, register, Register(0), Operand::Line(address));
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
        let (width, none, scratch) = (self.width, Register(0), self.width.scratch());
        let code = &mut self.bytes;
        match op {
            Op::Copy => code.op(LOAD, result, none, a),
            Op::Neg => code.op(XOR_INT, result, a, width.constant(SIGN)),
            Op::Abs => code.op(AND_INT, result, a, width.constant(MAGNITUDE)),
            Op::Sqrt => code.op(SQRT, result, none, a),
            Op::Floor => code.op_with(ROUND, result, none, a, DOWN),
            Op::Round => code.op_with(ROUND, result, none, a, TO_NEAREST_EVEN),
            Op::Exp => code.exp(width, result, a),
            Op::Ln => code.ln(width, result, a),
            Op::Add => code.op(ADD, result, a, b),
            Op::Sub => code.op(SUB, result, a, b),
            Op::Mul => code.op(MUL, result, a, b),
            Op::Div => code.op(DIV, result, a, b),
            Op::Greater | Op::GreaterEqual => {
                code.compare(a, b, if op == Op::Greater { GREATER } else { GREATER_EQUAL });
                code.keep(result, width.constant(ONE));
            }
            Op::Select => {
                code.compare(a, width.constant(ZERO), UNEQUAL);
                code.blend(result, c, b);
            }
            Op::MulAdd | Op::MulSub | Op::SubMul => {
                code.op(MUL, scratch, a, b);
                match op {
                    Op::MulAdd => code.op(ADD, result, scratch, c),
                    Op::MulSub => code.op(SUB, result, scratch, c),
                    _ => code.op(SUB, result, c, scratch),
                }
            }
            Op::PreciseExp | Op::PreciseLn => unreachable!("only code that runs once has them"),
        }
        if self.output.is_some_and(|(_, output)| output == to) {
            self.bytes.put_bits(result);
        }
        if stored {
            let address = self.pointer(to);
            self.bytes.op(STORE, result, none, Operand::Line(address));
        }
    }
}
