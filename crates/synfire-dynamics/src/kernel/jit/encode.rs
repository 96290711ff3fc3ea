//! Encodes the x86-64 instructions that are needed: EVEX with 512 bits, and a few for addresses.

/// A vector register, `zmm0` to `zmm31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Zmm(pub(super) u8);

/// A register for addresses, by its index; not `rsp`, `rbp`, `r12` or `r13`, which are encoded otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address(pub(super) u8);

pub(super) const RAX: Address = Address(0);
pub(super) const RCX: Address = Address(1);
pub(super) const RDX: Address = Address(2);
pub(super) const RSI: Address = Address(6);
pub(super) const RDI: Address = Address(7);
pub(super) const R8: Address = Address(8);
pub(super) const R9: Address = Address(9);
pub(super) const R10: Address = Address(10);

/// The last operand of an instruction.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand {
    Register(Zmm),
    /// Sixteen values at the address plus `rsi`.
    Line(Address),
    /// A constant for all lanes, by its index in the pool that `rdx` points to.
    Pool(u8),
}

/// An opcode: its map (1: 0F, 2: 0F38, 3: 0F3A), mandatory prefix (0: none,
/// 1: 66), opcode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opcode(pub(super) u8, pub(super) u8, pub(super) u8);

pub(super) const LOAD: Opcode = Opcode(1, 0, 0x10);
pub(super) const STORE: Opcode = Opcode(1, 0, 0x11);
pub(super) const ADD: Opcode = Opcode(1, 0, 0x58);
pub(super) const MUL: Opcode = Opcode(1, 0, 0x59);
pub(super) const SUB: Opcode = Opcode(1, 0, 0x5c);
pub(super) const DIV: Opcode = Opcode(1, 0, 0x5e);
pub(super) const SQRT: Opcode = Opcode(1, 0, 0x51);
pub(super) const COMPARE: Opcode = Opcode(1, 0, 0xc2);
pub(super) const BLEND: Opcode = Opcode(2, 1, 0x65);
pub(super) const BROADCAST: Opcode = Opcode(2, 1, 0x18);
pub(super) const ROUND: Opcode = Opcode(3, 1, 0x08);
pub(super) const AND_INT: Opcode = Opcode(1, 1, 0xdb);
pub(super) const XOR_INT: Opcode = Opcode(1, 1, 0xef);
pub(super) const ADD_INT: Opcode = Opcode(1, 1, 0xfe);
pub(super) const SUB_INT: Opcode = Opcode(1, 1, 0xfa);
pub(super) const SHIFT_INT: Opcode = Opcode(1, 1, 0x72);
pub(super) const TO_INT: Opcode = Opcode(1, 1, 0x5b);
pub(super) const FROM_INT: Opcode = Opcode(1, 0, 0x5b);

/// Masking of lanes by `k1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mask {
    None,
    /// Lanes that are not set keep the second operand (`BLEND`).
    K1,
    /// Lanes that are not set become 0.
    K1Zero,
}

/// The bytes of a function so far.
#[derive(Default)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Bytes {
    /// `a = op(b, c)`, where `a` and `b` are indices of registers.
    pub(super) fn vector(&mut self, Opcode(map, prefix, opcode): Opcode, mask: Mask, a: u8, b: u8, c: Operand) {
        let (b3, x) = match c {
            Operand::Register(Zmm(r)) => (r >> 3 & 1, r >> 4 & 1),
            Operand::Line(Address(base)) => (base >> 3, 0),
            Operand::Pool(_) => (0, 0),
        };
        let not = |bit: u8| bit & 1 ^ 1;
        let broadcast = u8::from(matches!(c, Operand::Pool(_)) && opcode != BROADCAST.2);
        let (zero, k) = match mask {
            Mask::None => (0, 0),
            Mask::K1 => (0, 1),
            Mask::K1Zero => (1, 1),
        };
        self.0.extend([
            0x62,
            not(a >> 3) << 7 | not(x) << 6 | not(b3) << 5 | not(a >> 4) << 4 | map,
            (b & 15 ^ 15) << 3 | 1 << 2 | prefix,
            zero << 7 | 0b10 << 5 | broadcast << 4 | not(b >> 4) << 3 | k,
            opcode,
        ]);
        let register = (a & 7) << 3;
        match c {
            Operand::Register(Zmm(r)) => self.0.push(0b11 << 6 | register | r & 7),
            // an address and an index: a byte for both follows
            Operand::Line(Address(base)) => self.0.extend([register | 0b100, RSI.0 << 3 | base & 7]),
            // an address and a byte that counts in fours
            Operand::Pool(index) => self.0.extend([0b01 << 6 | register | RDX.0, index]),
        }
    }

    /// As [`vector`](Self::vector), followed by an immediate byte.
    pub(super) fn vector_with(&mut self, op: Opcode, a: u8, b: u8, c: Operand, immediate: u8) {
        self.vector(op, Mask::None, a, b, c);
        self.0.push(immediate);
    }

    /// `to = table[index]`, the table being where `rdi` points.
    pub(super) fn pointer(&mut self, to: Address, index: u16) {
        self.0.extend([0x48 | to.0 >> 3 << 2, 0x8b, 0b10 << 6 | (to.0 & 7) << 3 | RDI.0]);
        self.0.extend((u32::from(index) * 8).to_le_bytes());
    }
}
