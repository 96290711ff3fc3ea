//! The vector registers of a width, and what each of them is for.

use super::constants::{MAGNITUDE, ONE, SIGN, ZERO};

/// A vector register: `ymm0` to `ymm15`, or `zmm0` to `zmm31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Register(pub(super) u8);

/// The last operand of an instruction.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand {
    Register(Register),
    /// The values of a register at the address plus `rsi`.
    Line(Address),
    /// A constant for all lanes, by its index in the table that `rdx` points to.
    Constant(u8),
}

impl From<Register> for Operand {
    fn from(register: Register) -> Self {
        Operand::Register(register)
    }
}

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

/// Width of the registers; instructions of each are encoded in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// 8 values, for AVX2: 16 registers, comparisons leave a register of masks, constants lie in memory.
    Ymm,
    /// 16 values, for AVX-512: 32 registers, comparisons leave a bit for each lane in `k1`.
    Zmm,
}

impl Width {
    /// Bytes of a register.
    pub(super) fn bytes(self) -> u8 {
        match self {
            Width::Ymm => 32,
            Width::Zmm => 64,
        }
    }

    /// Registers for intermediate results and copies of blocks in memory, the first ones; `elementary` code has `exp` or
    /// `ln`, which need [registers of their own](Self::temporaries).
    pub(super) fn values(self, elementary: bool) -> u8 {
        match (self, elementary) {
            (Width::Ymm, true) => 9,
            (Width::Ymm, false) => 14,
            (Width::Zmm, true) => 20,
            (Width::Zmm, false) => 26,
        }
    }

    /// Registers of `exp` and `ln`.
    pub(super) fn temporaries(self) -> [Register; 5] {
        let first = self.values(true);
        core::array::from_fn(|i| Register(first + i as u8))
    }

    /// The masks of a comparison, where they are a register.
    pub(super) const MASK: Register = Register(14);

    /// A register that no instruction leaves anything in.
    pub(super) fn scratch(self) -> Register {
        match self {
            Width::Ymm => Register(15),
            Width::Zmm => Register(31),
        }
    }

    /// A constant: from the table, or in a register that holds it throughout.
    pub(super) fn constant(self, index: u8) -> Operand {
        match self {
            Width::Ymm => Operand::Constant(index),
            Width::Zmm => {
                let held = Self::HELD.iter().find(|(_, constant)| *constant == index);
                held.map_or(Operand::Constant(index), |(register, _)| (*register).into())
            }
        }
    }

    /// Constants that wide registers hold.
    pub(super) const HELD: [(Register, u8); 4] =
        [(Register(29), ONE), (Register(27), SIGN), (Register(26), MAGNITUDE), (Register(28), ZERO)];
}
