//! AVX2 and AVX-512 registers.
#![allow(unsafe_code)]
// SAFETY of every block here: the intrinsics need their instruction set and nothing else (for loads and
// stores the caller has memory of that size). Values of these types are only made inside
// the kernels that `Isa` starts after asking the processor.

use super::{MANTISSA_BITS, SQRT_HALF_BITS, Simd};
use core::arch::x86_64::*;

/// Lanes of each mask of eight, a byte for each, from the lowest on.
static LANES_OF: [i64; 256] = {
    let mut lanes = [0; 256];
    let mut mask = 0;
    while mask < 256 {
        let (mut lane, mut count) = (0, 0);
        while lane < 8 {
            if mask >> lane & 1 == 1 {
                lanes[mask] |= lane << (8 * count);
                count += 1;
            }
            lane += 1;
        }
        mask += 1;
    }
    lanes
};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(__m256);

impl Simd for Avx2 {
    const LANES: usize = 8;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Avx2(unsafe { _mm256_set1_ps(value) })
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Avx2(unsafe { from.cast::<__m256>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { to.cast::<__m256>().write_unaligned(self.0) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Avx2(unsafe { _mm256_add_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Avx2(unsafe { _mm256_sub_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Avx2(unsafe { _mm256_mul_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Avx2(unsafe { _mm256_div_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, sum: Self) -> Self {
        Avx2(unsafe { _mm256_fmadd_ps(self.0, factor.0, sum.0) })
    }
    #[inline(always)]
    fn add_where(self, other: Self, mask: u16) -> Self {
        Avx2(unsafe {
            let mask = _mm256_castsi256_ps(_mm256_set1_epi16(mask.cast_signed()));
            _mm256_blendv_ps(self.0, _mm256_add_ps(self.0, other.0), mask)
        })
    }
    #[inline(always)]
    fn mul_add_where(self, other: Self, factor: Self, mask: u16) -> Self {
        Avx2(unsafe {
            let mask = _mm256_castsi256_ps(_mm256_set1_epi16(mask.cast_signed()));
            _mm256_blendv_ps(self.0, _mm256_fmadd_ps(other.0, factor.0, self.0), mask)
        })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Avx2(unsafe { _mm256_sqrt_ps(self.0) })
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Avx2(unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), self.0) })
    }
    #[inline(always)]
    fn neg(self) -> Self {
        Avx2(unsafe { _mm256_xor_ps(_mm256_set1_ps(-0.0), self.0) })
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Avx2(unsafe { _mm256_floor_ps(self.0) })
    }
    #[inline(always)]
    fn round(self) -> Self {
        Avx2(unsafe { _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0) })
    }
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        Avx2(unsafe { _mm256_and_ps(_mm256_cmp_ps::<_CMP_GT_OQ>(self.0, other.0), _mm256_set1_ps(1.0)) })
    }
    #[inline(always)]
    fn greater_equal(self, other: Self) -> Self {
        Avx2(unsafe { _mm256_and_ps(_mm256_cmp_ps::<_CMP_GE_OQ>(self.0, other.0), _mm256_set1_ps(1.0)) })
    }
    #[inline(always)]
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        Avx2(unsafe {
            let mask = _mm256_cmp_ps::<_CMP_NEQ_UQ>(mask.0, _mm256_setzero_ps());
            _mm256_blendv_ps(otherwise.0, then.0, mask)
        })
    }
    #[inline(always)]
    fn select_greater(left: Self, right: Self, then: Self, otherwise: Self) -> Self {
        Avx2(unsafe { _mm256_blendv_ps(otherwise.0, then.0, _mm256_cmp_ps::<_CMP_GT_OQ>(left.0, right.0)) })
    }
    #[inline(always)]
    fn nonzero(self) -> u32 {
        unsafe { _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_NEQ_UQ>(self.0, _mm256_setzero_ps())).cast_unsigned() }
    }
    #[inline(always)]
    unsafe fn compress(self, first: u32, indices: *mut u32, values: *mut f32) -> usize {
        unsafe {
            let mask = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_NEQ_UQ>(self.0, _mm256_setzero_ps()));
            let count = mask.count_ones() as usize;
            // whole registers without a branch: which lanes there are is hard to foresee
            let lanes = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(LANES_OF[mask as usize]));
            let first = _mm256_set1_epi32(first.cast_signed());
            indices.cast::<__m256i>().write_unaligned(_mm256_add_epi32(lanes, first));
            values.cast::<__m256>().write_unaligned(_mm256_permutevar8x32_ps(self.0, lanes));
            count
        }
    }
    #[inline(always)]
    unsafe fn indices(mask: u32, first: u32, indices: *mut u32) -> usize {
        unsafe {
            let lanes = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(LANES_OF[mask as usize & 255]));
            let first = _mm256_set1_epi32(first.cast_signed());
            indices.cast::<__m256i>().write_unaligned(_mm256_add_epi32(lanes, first));
            (mask & 255).count_ones() as usize
        }
    }
    #[inline(always)]
    fn transposed(square: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
        unsafe {
            let rows: [__m256; 8] = core::mem::transmute(square);
            // pairs of two rows, then of four, then halves of all
            let pairs = |i: usize| {
                let (a, b) = (rows[2 * i], rows[2 * i + 1]);
                [_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b)]
            };
            let fours = |a: [__m256; 2], b: [__m256; 2]| {
                [
                    _mm256_shuffle_ps::<0x44>(a[0], b[0]),
                    _mm256_shuffle_ps::<0xee>(a[0], b[0]),
                    _mm256_shuffle_ps::<0x44>(a[1], b[1]),
                    _mm256_shuffle_ps::<0xee>(a[1], b[1]),
                ]
            };
            let (upper, lower) = (fours(pairs(0), pairs(1)), fours(pairs(2), pairs(3)));
            core::mem::transmute([
                _mm256_permute2f128_ps::<0x20>(upper[0], lower[0]),
                _mm256_permute2f128_ps::<0x20>(upper[1], lower[1]),
                _mm256_permute2f128_ps::<0x20>(upper[2], lower[2]),
                _mm256_permute2f128_ps::<0x20>(upper[3], lower[3]),
                _mm256_permute2f128_ps::<0x31>(upper[0], lower[0]),
                _mm256_permute2f128_ps::<0x31>(upper[1], lower[1]),
                _mm256_permute2f128_ps::<0x31>(upper[2], lower[2]),
                _mm256_permute2f128_ps::<0x31>(upper[3], lower[3]),
            ])
        }
    }
    #[inline(always)]
    fn exp2_whole(self) -> Self {
        Avx2(unsafe {
            let k = _mm256_add_epi32(_mm256_cvtps_epi32(self.0), _mm256_set1_epi32(127));
            _mm256_castsi256_ps(_mm256_slli_epi32::<23>(k))
        })
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        unsafe {
            let base = _mm256_set1_epi32(SQRT_HALF_BITS);
            let shifted = _mm256_sub_epi32(_mm256_castps_si256(self.0), base);
            let mantissa = _mm256_add_epi32(_mm256_and_si256(shifted, _mm256_set1_epi32(MANTISSA_BITS)), base);
            let exponent = _mm256_cvtepi32_ps(_mm256_srai_epi32::<23>(shifted));
            (Avx2(_mm256_castsi256_ps(mantissa)), Avx2(exponent))
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(__m512);

impl Simd for Avx512 {
    const LANES: usize = 16;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Avx512(unsafe { _mm512_set1_ps(value) })
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        Avx512(unsafe { from.cast::<__m512>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f32) {
        unsafe { to.cast::<__m512>().write_unaligned(self.0) }
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Avx512(unsafe { _mm512_add_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Avx512(unsafe { _mm512_sub_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Avx512(unsafe { _mm512_mul_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Avx512(unsafe { _mm512_div_ps(self.0, other.0) })
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, sum: Self) -> Self {
        Avx512(unsafe { _mm512_fmadd_ps(self.0, factor.0, sum.0) })
    }
    #[inline(always)]
    fn add_where(self, other: Self, mask: u16) -> Self {
        Avx512(unsafe { _mm512_mask_add_ps(self.0, mask, self.0, other.0) })
    }
    #[inline(always)]
    fn mul_add_where(self, other: Self, factor: Self, mask: u16) -> Self {
        Avx512(unsafe { _mm512_mask3_fmadd_ps(other.0, factor.0, self.0, mask) })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Avx512(unsafe { _mm512_sqrt_ps(self.0) })
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Avx512(unsafe { _mm512_abs_ps(self.0) })
    }
    #[inline(always)]
    fn neg(self) -> Self {
        Avx512(unsafe { _mm512_xor_ps(_mm512_set1_ps(-0.0), self.0) })
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Avx512(unsafe { _mm512_roundscale_ps::<{ _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC }>(self.0) })
    }
    #[inline(always)]
    fn round(self) -> Self {
        Avx512(unsafe { _mm512_roundscale_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(self.0) })
    }
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        Avx512(unsafe {
            let mask = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(self.0, other.0);
            _mm512_maskz_mov_ps(mask, _mm512_set1_ps(1.0))
        })
    }
    #[inline(always)]
    fn greater_equal(self, other: Self) -> Self {
        Avx512(unsafe {
            let mask = _mm512_cmp_ps_mask::<_CMP_GE_OQ>(self.0, other.0);
            _mm512_maskz_mov_ps(mask, _mm512_set1_ps(1.0))
        })
    }
    #[inline(always)]
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        Avx512(unsafe {
            let mask = _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(mask.0, _mm512_setzero_ps());
            _mm512_mask_blend_ps(mask, otherwise.0, then.0)
        })
    }
    #[inline(always)]
    fn select_greater(left: Self, right: Self, then: Self, otherwise: Self) -> Self {
        Avx512(unsafe {
            let mask = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(left.0, right.0);
            _mm512_mask_blend_ps(mask, otherwise.0, then.0)
        })
    }
    #[inline(always)]
    fn nonzero(self) -> u32 {
        unsafe { u32::from(_mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(self.0, _mm512_setzero_ps())) }
    }
    #[inline(always)]
    unsafe fn compress(self, first: u32, indices: *mut u32, values: *mut f32) -> usize {
        unsafe {
            let mask = _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(self.0, _mm512_setzero_ps());
            let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            let lanes = _mm512_add_epi32(lanes, _mm512_set1_epi32(first.cast_signed()));
            // in registers and whole: storing parts is slow on some processors
            indices.cast::<__m512i>().write_unaligned(_mm512_maskz_compress_epi32(mask, lanes));
            values.cast::<__m512>().write_unaligned(_mm512_maskz_compress_ps(mask, self.0));
            mask.count_ones() as usize
        }
    }
    #[inline(always)]
    unsafe fn indices(mask: u32, first: u32, indices: *mut u32) -> usize {
        unsafe {
            let lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            let lanes = _mm512_maskz_compress_epi32(mask as __mmask16, lanes);
            let first = _mm512_set1_epi32(first.cast_signed());
            indices.cast::<__m512i>().write_unaligned(_mm512_add_epi32(lanes, first));
            (mask & 0xffff).count_ones() as usize
        }
    }
    #[inline(always)]
    fn transposed(square: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
        Avx2::transposed(square)
    }
    #[inline(always)]
    fn exp2_whole(self) -> Self {
        Avx512(unsafe {
            let k = _mm512_add_epi32(_mm512_cvtps_epi32(self.0), _mm512_set1_epi32(127));
            _mm512_castsi512_ps(_mm512_slli_epi32::<23>(k))
        })
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        unsafe {
            let base = _mm512_set1_epi32(SQRT_HALF_BITS);
            let shifted = _mm512_sub_epi32(_mm512_castps_si512(self.0), base);
            let mantissa = _mm512_add_epi32(_mm512_and_si512(shifted, _mm512_set1_epi32(MANTISSA_BITS)), base);
            let exponent = _mm512_cvtepi32_ps(_mm512_srai_epi32::<23>(shifted));
            (Avx512(_mm512_castsi512_ps(mantissa)), Avx512(exponent))
        }
    }
}
