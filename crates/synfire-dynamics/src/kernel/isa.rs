//! One kernel, compiled for each instruction set, chosen at run time.
#![allow(unsafe_code)]

use crate::number::simd::*;

/// A piece of work written for any vector register.
pub(crate) trait Kernel: Sized {
    /// Must be `#[inline(always)]`, so that it is compiled with the caller's instruction set.
    fn run<S: Simd>(self);
}

/// Instruction sets, from narrow to wide. All give the same numbers: no operation is contracted
/// or reordered, lanes are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Isa {
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Isa {
    /// All that this machine can run.
    pub(crate) fn available() -> Vec<Isa> {
        #[allow(unused_mut)]
        let mut sets = vec![Isa::Baseline];
        #[cfg(target_arch = "x86_64")]
        {
            if std::is_x86_feature_detected!("avx2") {
                sets.push(Isa::Avx2);
            }
            if std::is_x86_feature_detected!("avx512f")
                && std::is_x86_feature_detected!("avx512vl")
                && std::is_x86_feature_detected!("avx512dq")
                && std::is_x86_feature_detected!("avx512bw")
            {
                sets.push(Isa::Avx512);
            }
        }
        sets
    }

    /// The widest that this machine can run.
    pub(crate) fn best() -> Isa {
        static BEST: std::sync::OnceLock<Isa> = std::sync::OnceLock::new();
        *BEST.get_or_init(|| Self::available().pop().unwrap_or(Isa::Baseline))
    }

    /// Runs `kernel` compiled for this instruction set, which must be [available](Self::available).
    pub(crate) fn run<K: Kernel>(self, kernel: K) {
        match self {
            Isa::Baseline => kernel.run::<Portable>(),
            // SAFETY: values of these variants only come from `available`, which asked the processor.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => unsafe { avx2(kernel) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => unsafe { avx512(kernel) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<K: Kernel>(kernel: K) {
    kernel.run::<Avx2>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
fn avx512<K: Kernel>(kernel: K) {
    kernel.run::<Avx512>()
}
