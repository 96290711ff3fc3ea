//! Instruction sets: those of this processor, and the one that kernels are compiled for.

use super::jit::Width;
use crate::ScanError;
use std::env;
use std::sync::OnceLock;

/// Environment variable that names an instruction set.
const VARIABLE: &str = "SYNFIRE_ISA";

/// Instruction sets, from narrow to wide. All give the same bits where no operation is contracted or reordered; only
/// matrix products are contracted (see [`Simd`](crate::number::simd::Simd)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Isa {
    Baseline,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX2, with steps compiled to machine code at run time.
    #[cfg(target_arch = "x86_64")]
    Avx2Jit,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX-512, with steps compiled to machine code at run time.
    #[cfg(target_arch = "x86_64")]
    Avx512Jit,
}

impl Isa {
    /// The instruction sets of this processor.
    pub(crate) fn available() -> Vec<Isa> {
        #[allow(unused_mut)]
        let mut sets = vec![Isa::Baseline];
        #[cfg(target_arch = "x86_64")]
        {
            if std::is_x86_feature_detected!("avx2")
                && std::is_x86_feature_detected!("fma")
                && std::is_x86_feature_detected!("popcnt")
            {
                sets.extend([Isa::Avx2, Isa::Avx2Jit]);
            }
            if std::is_x86_feature_detected!("avx512f")
                && std::is_x86_feature_detected!("avx512vl")
                && std::is_x86_feature_detected!("avx512dq")
                && std::is_x86_feature_detected!("avx512bw")
            {
                sets.extend([Isa::Avx512, Isa::Avx512Jit]);
            }
        }
        sets
    }

    /// The instruction set that kernels run on: the one that was [asked for](instruction_set), else the widest.
    pub(crate) fn best() -> Isa {
        static BEST: OnceLock<Isa> = OnceLock::new();
        *BEST.get_or_init(|| asked_for().unwrap_or_else(|_| widest(&Isa::available())))
    }

    /// The set that plain loops over eight lanes are compiled for. Where registers are wider, the compiler makes other loops of
    /// them, which take several times as long.
    pub(crate) fn of_eight_lanes(self) -> Isa {
        match self {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Avx512Jit => Isa::Avx2, // which such a processor has too
            narrow => narrow,
        }
    }

    /// Width of the registers of the machine code that steps are compiled to, where they are.
    pub(super) fn jit(self) -> Option<Width> {
        match self {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2Jit => Some(Width::Ymm),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512Jit => Some(Width::Zmm),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Isa::Baseline => "portable",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::Avx2Jit => "avx2",
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Avx512Jit => "avx512",
        }
    }

    /// The widest of the sets with this name, or the widest of all where there is no name.
    fn named(name: Option<&str>, sets: &[Isa]) -> Result<Isa, ScanError> {
        let Some(name) = name else { return Ok(widest(sets)) };
        sets.iter().copied().rfind(|isa| isa.name() == name).ok_or_else(|| {
            let mut known: Vec<&str> = sets.iter().map(|isa| isa.name()).collect();
            known.dedup();
            ScanError::InstructionSet { variable: VARIABLE, name: name.to_string(), known: known.join(", ") }
        })
    }
}

fn widest(sets: &[Isa]) -> Isa {
    sets.last().copied().unwrap_or(Isa::Baseline)
}

fn asked_for() -> Result<Isa, ScanError> {
    let name = env::var_os(VARIABLE);
    let name = name.as_ref().map(|name| name.to_string_lossy());
    Isa::named(name.as_deref().filter(|name| !name.is_empty()), &Isa::available())
}

/// Name of the instruction set that the kernels on CPUs run on: `"avx512"`, `"avx2"` or `"portable"`.
///
/// It is the widest that the processor has, unless the environment variable `SYNFIRE_ISA` has the name of another: for
/// measurements and tests. Neurons, encoders and optimisers have the same bits on all of them, sums of products are the same
/// to rounding. Dense products by matrix multiplication choose by themselves and take no notice of it.
///
/// The variable is read once, before the first kernel runs.
///
/// # Errors
///
/// [`ScanError::InstructionSet`] if the variable names none that this processor has. Kernels then run on the widest; a
/// program that wants to refuse asks here first.
///
/// ```
/// assert!(["avx512", "avx2", "portable"].contains(&synfire_dynamics::instruction_set()?));
/// # Ok::<(), synfire_dynamics::ScanError>(())
/// ```
pub fn instruction_set() -> Result<&'static str, ScanError> {
    asked_for().map(|_| Isa::best().name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_choose_the_widest_set_of_that_name() {
        let sets = Isa::available();
        assert_eq!(Isa::named(None, &sets), Ok(widest(&sets)));
        assert_eq!(Isa::named(Some("portable"), &sets), Ok(Isa::Baseline));
        for isa in &sets {
            let chosen = Isa::named(Some(isa.name()), &sets).unwrap();
            assert_eq!(chosen.name(), isa.name());
            assert!(sets.iter().rposition(|set| *set == chosen) >= sets.iter().position(|set| set == isa));
        }
        for name in ["AVX2", "sse", "avx2 "] {
            let error = Isa::named(Some(name), &sets).unwrap_err().to_string();
            assert!(error.contains(&format!("SYNFIRE_ISA is `{name}`")) && error.contains("portable"), "{error}");
        }
        let error = Isa::named(Some("avx2"), &[Isa::Baseline]).unwrap_err().to_string();
        assert!(error.contains("this processor has portable"), "{error}");
    }
}
