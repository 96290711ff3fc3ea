//! A step compiled to machine code at run time. Intermediate results stay in registers, where the
//! [interpreter](super::machine) stores them block by block.
//!
//! The operations and their order are the same, so the bits are too. Where no code can be generated (another
//! processor, memory that may not be executed), the interpreter runs the step.
#![allow(unsafe_code)]

mod compile;
mod constants;
mod elementary;
mod encode;
mod registers;

pub(super) use registers::Width;

use super::code::Code;
use memmap2::{Mmap, MmapMut};

/// The registers, parameters and output that machine code is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variant {
    pub(super) width: Width,
    /// Whether all neurons share their parameters.
    pub(super) shared: bool,
    /// Whether the output goes to bits, and not to its slot.
    pub(super) bits: bool,
}

impl Variant {
    /// Number of variants.
    pub(super) const COUNT: usize = 8;

    pub(super) fn index(self) -> usize {
        self.width as usize * 4 + usize::from(self.shared) * 2 + usize::from(self.bits)
    }
}

/// Machine code of a step.
#[derive(Debug)]
pub(super) struct JitCode {
    memory: Mmap,
    variant: Variant,
}

impl JitCode {
    /// Compiles the code; `None` where memory may not be executed.
    pub(super) fn of(code: &Code, variant: Variant) -> Option<Self> {
        let bytes = compile::compile(code, variant);
        let mut memory = MmapMut::map_anon(bytes.len()).ok()?;
        memory.copy_from_slice(&bytes);
        Some(JitCode { memory: memory.make_exec().ok()?, variant })
    }

    /// Runs on the first `lines` times 16 values of each slot. Writes a bit of each to `bits` where the output goes there: whether
    /// it is not 0.
    ///
    /// # Safety
    ///
    /// As [`Isa::execute`](super::isa::Isa::execute), for a processor with registers of this width and the code that it was
    /// compiled from; and where it was compiled for shared parameters, they and what follows from them are the same for all
    /// neurons of the slots. There is room for the bits.
    pub(super) unsafe fn execute(&self, table: &[*mut f32], lines: usize, bits: *mut u64) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the memory holds a whole function of this type, made by `compile`.
        unsafe {
            type Function = extern "sysv64" fn(*const *mut f32, usize, *const u32, *mut u64);
            let function: Function = core::mem::transmute(self.memory.as_ptr());
            function(table.as_ptr(), lines, constants::table(self.variant.width), bits);
        }
        #[cfg(not(target_arch = "x86_64"))]
        unreachable!("{:?} for {lines} lines of {} slots and {bits:?} on another processor", self.variant, table.len());
    }
}
