//! Vector registers with the operations that the kernels need.
#![allow(unsafe_code)]

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use portable::Portable;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};

/// A register of `LANES` values of `f32`.
///
/// No operation is contracted or reordered, so every instruction set gives the same bits in each lane; only
/// [`mul_add`](Self::mul_add) does not.
/// Implementations are `#[inline(always)]` and must only run inside a function compiled for their
/// instruction set; [`Isa`](crate::kernel::Isa) sees to that.
pub(crate) trait Simd: Copy + core::fmt::Debug {
    const LANES: usize;

    fn splat(value: f32) -> Self;
    /// Loads `LANES` values.
    ///
    /// # Safety
    ///
    /// `from` points to at least that many.
    unsafe fn load(from: *const f32) -> Self;
    /// Stores `LANES` values.
    ///
    /// # Safety
    ///
    /// `to` points to room for at least that many.
    unsafe fn store(self, to: *mut f32);

    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    /// `self * factor + sum`, rounded once where the instruction set can, so the bits depend on it: for matrix products.
    fn mul_add(self, factor: Self, sum: Self) -> Self;
    /// `self + other` if `mask` is all ones, `self` if it is 0.
    fn add_where(self, other: Self, mask: u16) -> Self;
    /// `other * factor + self` as [`mul_add`](Self::mul_add) if `mask` is all ones, `self` if it is 0.
    fn mul_add_where(self, other: Self, factor: Self, mask: u16) -> Self;
    fn sqrt(self) -> Self;
    fn abs(self) -> Self;
    fn neg(self) -> Self;
    fn floor(self) -> Self;
    /// Nearest integer, ties to even.
    fn round(self) -> Self;
    /// 1 where `self > other`, else 0.
    fn greater(self, other: Self) -> Self;
    /// 1 where `self >= other`, else 0.
    fn greater_equal(self, other: Self) -> Self;
    /// `then` where `mask` is not 0, else `otherwise`.
    fn select(mask: Self, then: Self, otherwise: Self) -> Self;
    /// `then` where `left > right`, else `otherwise`.
    fn select_greater(left: Self, right: Self, then: Self, otherwise: Self) -> Self;
    /// A bit for each lane, from the lowest on: whether it is not zero.
    fn nonzero(self) -> u32;
    /// Stores the non-zero lanes without gaps, and their indices counted from `first`. Returns their number.
    ///
    /// # Safety
    ///
    /// `indices` and `values` point to room for `LANES` each.
    unsafe fn compress(self, first: u32, indices: *mut u32, values: *mut f32) -> usize;
    /// Stores the indices of the bits of a mask of `LANES` bits without gaps, counted from `first`. Returns their number.
    ///
    /// # Safety
    ///
    /// `indices` points to room for `LANES`.
    unsafe fn indices(mask: u32, first: u32, indices: *mut u32) -> usize;
    /// Exchanges rows and columns.
    fn transposed(square: [[f32; 8]; 8]) -> [[f32; 8]; 8];
    /// `2^self` for integers in -126..=127.
    fn exp2_whole(self) -> Self;
    /// `(m, k)` with `self = m * 2^k`, `m` in [sqrt(1/2), sqrt(2)), for positive normal values.
    fn split_exponent(self) -> (Self, Self);
}

/// Bits of `sqrt(1/2)`: subtracting them puts the mantissas of [sqrt(1/2), sqrt(2)) under one exponent.
pub(crate) const SQRT_HALF_BITS: i32 = 0x3f35_04f3;
pub(crate) const MANTISSA_BITS: i32 = 0x007f_ffff;

#[cfg(test)]
mod tests;
