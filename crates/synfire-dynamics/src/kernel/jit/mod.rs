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

/// Machine code of a step.
#[derive(Debug)]
pub(super) struct JitCode {
    memory: Mmap,
    width: Width,
}

impl JitCode {
    /// Compiles for registers of this width, and for parameters that all neurons share or not; `None` where memory may not
    /// be executed.
    pub(super) fn of(code: &Code, width: Width, shared: bool) -> Option<Self> {
        let bytes = compile::compile(code, width, shared);
        let mut memory = MmapMut::map_anon(bytes.len()).ok()?;
        memory.copy_from_slice(&bytes);
        Some(JitCode { memory: memory.make_exec().ok()?, width })
    }

    /// Runs on the first `lines` times 16 values of each slot.
    ///
    /// # Safety
    ///
    /// As [`Isa::execute`](super::isa::Isa::execute), for a processor with registers of this width and the code that it was
    /// compiled from; and where it was compiled for shared parameters, they and what follows from them are the same for all
    /// neurons of the slots.
    pub(super) unsafe fn execute(&self, table: &[*mut f32], lines: usize) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the memory holds a whole function of this type, made by `compile`.
        unsafe {
            type Function = extern "sysv64" fn(*const *mut f32, usize, *const u32);
            let function: Function = core::mem::transmute(self.memory.as_ptr());
            function(table.as_ptr(), lines, constants::table(self.width));
        }
        #[cfg(not(target_arch = "x86_64"))]
        unreachable!("{:?} for {lines} lines of {} slots on another processor", self.width, table.len());
    }
}
