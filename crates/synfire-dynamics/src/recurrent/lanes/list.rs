//! Listing the values that are not zero.

use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use crate::spikes::{WORD, list_word};

impl Isa {
    /// Writes the indices of the values that are not zero. Returns their number, and whether all of them are 1. There must be
    /// room for a word more than there are values.
    pub(in crate::recurrent) fn list(self, x: &[f32], indices: &mut [u32]) -> (usize, bool) {
        let room = x.len() + WORD;
        assert!(indices.len() >= room, "room for {room} events is missing");
        dispatch!(self, list(x: &[f32], indices: &mut [u32]) -> (usize, bool))
    }
}

#[inline(always)]
fn list<S: Simd>(x: &[f32], indices: &mut [u32]) -> (usize, bool) {
    let (mut count, mut others) = (0, 0);
    let mut chunks = x.chunks_exact(WORD);
    for (chunk, first) in (&mut chunks).zip((0..).step_by(WORD)) {
        let mut events = 0u64;
        for lane in (0..WORD).step_by(S::LANES) {
            // SAFETY: a chunk is whole registers.
            let x = unsafe { S::load(chunk.as_ptr().add(lane)) };
            events |= u64::from(x.nonzero()) << lane;
            others |= x.mul(x.sub(S::splat(1.0))).nonzero();
        }
        count += list_word(events, first, &mut indices[count..]);
    }
    let rest = chunks.remainder();
    for (index, &x) in (x.len() - rest.len()..).zip(rest) {
        if x != 0.0 {
            indices[count] = index as u32;
            count += 1;
            others |= u32::from(x != 1.0);
        }
    }
    (count, others == 0)
}
