//! Vector registers, and what the machine needs of them.
#![allow(unsafe_code)]

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use portable::Portable;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

/// A register of `LANES` f32.
///
/// No operation is contracted or reordered, so every register gives the same numbers lane by lane.
/// Implementations are `#[inline(always)]` and must only run inside a function compiled for their
/// instruction set; [`Isa`](crate::kernel::Isa) sees to that.
pub(crate) trait Simd: Copy + core::fmt::Debug {
    const LANES: usize;

    fn splat(value: f32) -> Self;
    /// Reads `LANES` numbers.
    ///
    /// # Safety
    ///
    /// There must be as many.
    unsafe fn load(from: *const f32) -> Self;
    /// Writes `LANES` numbers.
    ///
    /// # Safety
    ///
    /// There must be room for as many.
    unsafe fn store(self, to: *mut f32);

    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    fn sqrt(self) -> Self;
    fn abs(self) -> Self;
    fn neg(self) -> Self;
    fn floor(self) -> Self;
    /// The nearest whole number, the even one if there are two.
    fn round(self) -> Self;
    /// 1 where `self > other`, else 0.
    fn greater(self, other: Self) -> Self;
    /// 1 where `self >= other`, else 0.
    fn greater_equal(self, other: Self) -> Self;
    /// `then` where `mask` is not 0, else `otherwise`.
    fn select(mask: Self, then: Self, otherwise: Self) -> Self;
    /// Writes what is not zero, and in which lanes that is counted from `first`, one after the other.
    /// Returns how many those are.
    ///
    /// # Safety
    ///
    /// There must be room for `LANES` of each.
    unsafe fn compress(self, first: u32, places: *mut u32, values: *mut f32) -> usize;
    /// `2^self` for whole numbers in -126..=127.
    fn exp2_whole(self) -> Self;
    /// `(m, k)` with `self = m * 2^k`, `m` in [sqrt(1/2), sqrt(2)), for positive normal numbers.
    fn split_exponent(self) -> (Self, Self);
}

/// Bits of `sqrt(1/2)`: subtracting them puts the mantissas of [sqrt(1/2), sqrt(2)) under one exponent.
pub(crate) const SQRT_HALF_BITS: i32 = 0x3f35_04f3;
pub(crate) const MANTISSA_BITS: i32 = 0x007f_ffff;
