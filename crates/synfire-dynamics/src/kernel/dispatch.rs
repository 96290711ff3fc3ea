//! Functions compiled once for each instruction set.
#![allow(unsafe_code)]

/// Runs a function compiled for this instruction set.
macro_rules! dispatch {
    ($isa:expr, $f:ident($($x:ident: $type:ty),*) -> $result:ty) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma,popcnt")]
        unsafe fn avx2($($x: $type),*) -> $result {
            $f::<Avx2>($($x),*)
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,popcnt")]
        unsafe fn avx512($($x: $type),*) -> $result {
            $f::<Avx512>($($x),*)
        }
        match $isa {
            Isa::Baseline => $f::<Portable>($($x),*),
            // SAFETY: an instruction set is only chosen after the processor was asked for it.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::Avx2Jit => unsafe { avx2($($x),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Avx512Jit => unsafe { avx512($($x),*) },
        }
    }};
}
pub(crate) use dispatch;
