//! A step as machine code of this processor: what the [machine](super::machine) does block by block,
//! done register by register, without storing what is only in between.
//!
//! The same operations in the same order, so the same bits. Where there is no translation (another
//! processor, memory that may not be executed) the machine does the work.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod elementary;
#[cfg(target_arch = "x86_64")]
mod encode;

use super::code::Code;
use memmap2::{Mmap, MmapMut};

/// A translated piece of code.
#[derive(Debug)]
pub(super) struct JitCode {
    memory: Mmap,
}

impl JitCode {
    /// Translates for AVX-512, if this is such a processor's family.
    pub(super) fn of(code: &Code) -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        let bytes = avx512::translate(code);
        #[cfg(not(target_arch = "x86_64"))]
        let bytes = None::<Vec<u8>>?;
        let mut memory = MmapMut::map_anon(bytes.len()).ok()?;
        memory.copy_from_slice(&bytes);
        Some(JitCode { memory: memory.make_exec().ok()? })
    }

    /// Runs on the first `lines` times 16 numbers of each slot.
    ///
    /// # Safety
    ///
    /// As [`Isa::execute`](super::machine::Isa::execute), for AVX-512 and the code that it was translated from.
    pub(super) unsafe fn execute(&self, table: &[*mut f32], lines: usize) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the memory holds a whole function of this type, made by `translate`.
        unsafe {
            type Function = extern "sysv64" fn(*const *mut f32, usize, *const u32);
            let function: Function = core::mem::transmute(self.memory.as_ptr());
            function(table.as_ptr(), lines, elementary::POOL.as_ptr());
        }
    }
}
