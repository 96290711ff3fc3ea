//! Spikes by processors that rotate the words of a register in one instruction, as those with AVX-512 do: half of the other
//! instructions of a block are three to rotate one.
#![allow(unsafe_code)]

use super::{BLOCKS, Group, Lanes, NUMBERS, Origin};
use core::arch::x86_64::*;

/// A word of each block.
type Word = __m256i;

/// As [`Isa::spikes`](crate::kernel::Isa::spikes).
///
/// # Safety
///
/// The processor has these instructions.
#[target_feature(enable = "avx2,avx512f,avx512vl")]
pub(super) unsafe fn spikes(origin: &Origin, group: &Group) -> Lanes<u32> {
    let words = blocks(origin, &group.blocks);
    let mut spikes = _mm256_setzero_si256();
    for (number, (word, limits)) in words.iter().zip(&group.limits).enumerate() {
        // SAFETY: the limits of a number are as many as a register has lanes.
        let limits = unsafe { _mm256_loadu_si256(limits.as_ptr().cast()) };
        let below = _mm256_cmpgt_epi32(limits, _mm256_srli_epi32::<8>(*word));
        spikes = _mm256_or_si256(spikes, _mm256_and_si256(below, _mm256_set1_epi32(1 << number)));
    }
    let mut lanes = [0; BLOCKS];
    // SAFETY: there is room for a register.
    unsafe { _mm256_storeu_si256(lanes.as_mut_ptr().cast(), spikes) };
    lanes
}

#[target_feature(enable = "avx2,avx512f,avx512vl")]
fn blocks(origin: &Origin, indices: &Lanes<u32>) -> [Word; NUMBERS] {
    let start = super::start(origin, indices);
    // SAFETY: a word of each block is a register.
    let start = start.map(|word| unsafe { _mm256_loadu_si256(word.as_ptr().cast()) });
    let mut words = start;
    for _ in 0..4 {
        for i in 0..4 {
            quarter(&mut words, [i, 4 + i, 8 + i, 12 + i]);
        }
        for i in 0..4 {
            quarter(&mut words, [i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4]);
        }
    }
    for (word, start) in words.iter_mut().zip(start) {
        *word = _mm256_add_epi32(*word, start);
    }
    words
}

#[target_feature(enable = "avx2,avx512f,avx512vl")]
#[inline]
fn quarter(words: &mut [Word; NUMBERS], [a, b, c, d]: [usize; 4]) {
    words[a] = _mm256_add_epi32(words[a], words[b]);
    words[d] = _mm256_rol_epi32::<16>(_mm256_xor_si256(words[d], words[a]));
    words[c] = _mm256_add_epi32(words[c], words[d]);
    words[b] = _mm256_rol_epi32::<12>(_mm256_xor_si256(words[b], words[c]));
    words[a] = _mm256_add_epi32(words[a], words[b]);
    words[d] = _mm256_rol_epi32::<8>(_mm256_xor_si256(words[d], words[a]));
    words[c] = _mm256_add_epi32(words[c], words[d]);
    words[b] = _mm256_rol_epi32::<7>(_mm256_xor_si256(words[b], words[c]));
}
