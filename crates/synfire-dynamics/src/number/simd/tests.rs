//! Operations that choose lanes, on every instruction set.
#![allow(unsafe_code)]

use super::*;
use crate::kernel::{Isa, dispatch};

fn values(first: f32) -> [f32; 16] {
    core::array::from_fn(|i| (i as f32 * 7.0 + first) % 5.0 - 1.0)
}

#[inline(always)]
fn indices<S: Simd>(mask: u32, found: &mut [u32]) -> usize {
    assert!(found.len() >= S::LANES, "room for a register");
    // SAFETY: there is, as just checked.
    unsafe { S::indices(mask, 100, found.as_mut_ptr()) }
}

#[inline(always)]
fn lanes<S: Simd>() -> usize {
    S::LANES
}

#[inline(always)]
fn select_greater<S: Simd>(left: &[f32; 16], right: &[f32; 16], found: &mut [f32; 16]) {
    for lane in (0..16).step_by(S::LANES) {
        // SAFETY: registers are parts of the arrays.
        unsafe {
            let (left, right) = (S::load(left[lane..].as_ptr()), S::load(right[lane..].as_ptr()));
            S::select_greater(left, right, S::splat(1.0), S::splat(2.0)).store(found[lane..].as_mut_ptr());
        }
    }
}

#[test]
fn indices_of_bits_have_no_gaps() {
    for isa in Isa::available() {
        let count = dispatch!(isa, lanes() -> usize);
        for mask in 0..1u32 << count {
            let mut all = [0; 16];
            let found = &mut all[..];
            let len = dispatch!(isa, indices(mask: u32, found: &mut [u32]) -> usize);
            let expected: Vec<u32> = (0..count as u32).filter(|i| mask >> i & 1 == 1).map(|i| 100 + i).collect();
            assert_eq!(all[..len], expected, "{isa:?}, {mask:b}");
        }
    }
}

#[test]
fn what_is_not_a_number_is_not_greater() {
    let (mut left, mut right) = (values(0.0), values(3.0));
    (left[2], right[3], left[9]) = (f32::NAN, f32::NAN, f32::INFINITY);
    let expected: [f32; 16] = core::array::from_fn(|i| if left[i] > right[i] { 1.0 } else { 2.0 });
    for isa in Isa::available() {
        let mut all = [0.0; 16];
        let (found, left, right) = (&mut all, &left, &right);
        dispatch!(isa, select_greater(left: &[f32; 16], right: &[f32; 16], found: &mut [f32; 16]) -> ());
        assert_eq!(all, expected, "{isa:?}");
    }
}
