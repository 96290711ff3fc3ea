//! Bits of the channels that have a spike, place by place.
#![allow(unsafe_code)]

use super::layout::{LANES, Layout};
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

/// Added to a small whole number, it leaves that number in the lowest bits.
const WHOLE: f32 = 8_388_608.0;

impl Layout {
    /// Writes, for each place of up to [`LANES`] planes, a number with a bit for each channel whose value is not 0: the
    /// lowest bits of the `f32`. Returns whether all others are 1.
    pub(super) fn bits(&self, planes: &[f32], places: usize, bits: &mut [f32]) -> bool {
        assert!(places > 0 && planes.len() <= places * LANES && bits.len() == places, "planes of another size");
        dispatch!(self.isa, find_bits(planes: &[f32], places: usize, bits: &mut [f32]) -> bool)
    }
}

/// Goes through the planes one after the other, as they are in memory.
#[inline(always)]
fn find_bits<S: Simd>(planes: &[f32], places: usize, bits: &mut [f32]) -> bool {
    let (zero, one) = (S::splat(0.0), S::splat(1.0));
    let whole = places / S::LANES * S::LANES;
    let (mut others, mut other) = (zero, false);
    bits.fill(WHOLE);
    for (channel, plane) in planes.chunks_exact(places).enumerate() {
        // sums of different powers of two, which are exact
        let power = (1u32 << channel) as f32;
        for first in (0..whole).step_by(S::LANES) {
            let (values, bits) = (&plane[first..][..S::LANES], &mut bits[first..][..S::LANES]);
            // SAFETY: registers are read from and written to slices of their length.
            unsafe {
                let value = S::load(values.as_ptr());
                let spike = S::select(value, one, zero);
                others = others.add(value.sub(spike).abs());
                spike.mul_add(S::splat(power), S::load(bits.as_ptr())).store(bits.as_mut_ptr());
            }
        }
        for (value, bits) in plane[whole..].iter().zip(&mut bits[whole..]) {
            let spike = f32::from(*value != 0.0);
            other |= *value != spike;
            *bits += spike * power;
        }
    }
    others.nonzero() == 0 && !other
}
