//! A step compiled to machine code at run time. Intermediate results stay in registers, where the
//! [interpreter](super::machine) stores them block by block.
//!
//! The operations and their order are the same, so the bits are too. Where no code can be generated (another
//! processor, memory that may not be executed), the interpreter runs the step.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod elementary;
#[cfg(target_arch = "x86_64")]
mod encode;

use super::code::Code;
use memmap2::{Mmap, MmapMut};

/// Machine code of a step.
#[derive(Debug)]
pub(super) struct JitCode {
    memory: Mmap,
}

impl JitCode {
    /// Compiles for AVX-512; `None` on processors other than x86-64.
    pub(super) fn of(code: &Code) -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        let bytes = avx512::compile(code);
        #[cfg(not(target_arch = "x86_64"))]
        let bytes = None::<Vec<u8>>?;
        let mut memory = MmapMut::map_anon(bytes.len()).ok()?;
        memory.copy_from_slice(&bytes);
        Some(JitCode { memory: memory.make_exec().ok()? })
    }

    /// Runs on the first `lines` times 16 values of each slot.
    ///
    /// # Safety
    ///
    /// As [`Isa::execute`](super::machine::Isa::execute), for AVX-512 and the code that it was compiled from.
    pub(super) unsafe fn execute(&self, table: &[*mut f32], lines: usize) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the memory holds a whole function of this type, made by `compile`.
        unsafe {
            type Function = extern "sysv64" fn(*const *mut f32, usize, *const u32);
            let function: Function = core::mem::transmute(self.memory.as_ptr());
            function(table.as_ptr(), lines, elementary::POOL.as_ptr());
        }
    }
}
