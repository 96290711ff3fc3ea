//! Registers of any processor: arrays and loops that the compiler vectorises.
#![allow(unsafe_code)]

use super::{MANTISSA_BITS, SQRT_HALF_BITS, Simd};

#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(crate) struct Portable([f32; 8]);

impl Portable {
    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Portable(self.0.map(f))
    }

    #[cfg(test)]
    pub(crate) fn first(self) -> f32 {
        self.0[0]
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let mut out = self.0;
        for (x, y) in out.iter_mut().zip(other.0) {
            *x = f(*x, y);
        }
        Portable(out)
    }
}

impl Simd for Portable {
    const LANES: usize = 8;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Portable([value; 8])
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller has as many values there.
        Portable(unsafe { from.cast::<[f32; 8]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller has room for them there.
        unsafe { to.cast::<[f32; 8]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |x, y| x + y)
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |x, y| x - y)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |x, y| x * y)
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.zip(other, |x, y| x / y)
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, sum: Self) -> Self {
        // `f32::mul_add` would be a call where the processor has no such instruction
        self.mul(factor).add(sum)
    }
    #[inline(always)]
    fn add_where(self, other: Self, mask: u16) -> Self {
        self.zip(other, |x, y| if mask == 0 { x } else { x + y })
    }
    #[inline(always)]
    fn mul_add_where(self, other: Self, factor: Self, mask: u16) -> Self {
        self.zip(other.mul(factor), |x, y| if mask == 0 { x } else { x + y })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(f32::sqrt)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.map(f32::abs)
    }
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|x| -x)
    }
    #[inline(always)]
    fn floor(self) -> Self {
        self.map(f32::floor)
    }
    #[inline(always)]
    fn round(self) -> Self {
        self.map(f32::round_ties_even)
    }
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        self.zip(other, |x, y| f32::from(x > y))
    }
    #[inline(always)]
    fn greater_equal(self, other: Self) -> Self {
        self.zip(other, |x, y| f32::from(x >= y))
    }
    #[inline(always)]
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        let mut out = otherwise.0;
        for ((out, then), mask) in out.iter_mut().zip(then.0).zip(mask.0) {
            *out = if mask != 0.0 { then } else { *out };
        }
        Portable(out)
    }
    #[inline(always)]
    fn select_greater(left: Self, right: Self, then: Self, otherwise: Self) -> Self {
        Portable(core::array::from_fn(|i| if left.0[i] > right.0[i] { then.0[i] } else { otherwise.0[i] }))
    }
    #[inline(always)]
    fn nonzero(self) -> u32 {
        self.0.iter().enumerate().fold(0, |mask, (i, &x)| mask | u32::from(x != 0.0) << i)
    }
    #[inline(always)]
    unsafe fn compress(self, first: u32, indices: *mut u32, values: *mut f32) -> usize {
        let mut count = 0;
        for (index, value) in (first..).zip(self.0) {
            // SAFETY: the caller has room for as many as there are lanes.
            unsafe {
                indices.add(count).write(index);
                values.add(count).write(value);
            }
            count += usize::from(value != 0.0);
        }
        count
    }
    #[inline(always)]
    unsafe fn indices(mask: u32, first: u32, indices: *mut u32) -> usize {
        let mut count = 0;
        for lane in 0..8 {
            // SAFETY: the caller has room for as many as there are lanes.
            unsafe { indices.add(count).write(first + lane) };
            count += (mask >> lane & 1) as usize;
        }
        count
    }
    #[inline(always)]
    fn transposed(square: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
        core::array::from_fn(|x| core::array::from_fn(|y| square[y][x]))
    }
    #[inline(always)]
    fn exp2_whole(self) -> Self {
        self.map(|k| f32::from_bits(((k as i32 + 127) << 23) as u32))
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        let shifted = |x: f32| (x.to_bits() as i32).wrapping_sub(SQRT_HALF_BITS);
        let mantissa = self.map(|x| f32::from_bits(((shifted(x) & MANTISSA_BITS) + SQRT_HALF_BITS) as u32));
        (mantissa, self.map(|x| (shifted(x) >> 23) as f32))
    }
}
