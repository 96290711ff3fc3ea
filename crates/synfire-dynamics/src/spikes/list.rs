//! Lists of the spikes in bits.
#![allow(unsafe_code)]

use super::WORD;
use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

impl Isa {
    /// Writes the indices of the bits that are 1, in ascending order, and returns their number. There must be room for a word
    /// more than there are bits.
    pub(crate) fn list(self, words: &[u64], indices: &mut [u32]) -> usize {
        let room = (words.len() + 1) * WORD;
        assert!(indices.len() >= room, "room for {room} indices is missing");
        #[cfg(target_arch = "x86_64")]
        if matches!(self, Isa::Avx512 | Isa::Avx512Jit) && std::is_x86_feature_detected!("avx512vbmi2") {
            // SAFETY: the processor has the instructions, and there is room as just checked.
            return unsafe { list_bytes(words, indices.as_mut_ptr()) };
        }
        dispatch!(self, list(words: &[u64], indices: &mut [u32]) -> usize)
    }
}

/// By counting trailing zeros; the set of instructions only decides how they and the ones of a word are counted.
#[inline(always)]
fn list<S: Simd>(words: &[u64], indices: &mut [u32]) -> usize {
    let mut count = 0;
    for (first, &word) in (0..).step_by(WORD).zip(words) {
        let (ones, mut word) = (word.count_ones() as usize, word);
        // eight at a time, of which some may be too many: whether there are more is easier foreseen than how many
        for part in indices[count..][..ones.next_multiple_of(8)].as_chunks_mut::<8>().0 {
            for index in part {
                *index = first + word.trailing_zeros();
                word &= word.wrapping_sub(1);
            }
        }
        count += ones;
    }
    count
}

/// By leaving out the bytes of 0 to 63 whose bits are 0.
///
/// # Safety
///
/// The processor has these instructions, and there is room for a word more than there are bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,popcnt")]
unsafe fn list_bytes(words: &[u64], indices: *mut u32) -> usize {
    use core::arch::x86_64::*;
    const BYTES: [u8; WORD] = {
        let (mut bytes, mut i) = ([0; WORD], 0);
        while i < WORD {
            bytes[i] = i as u8;
            i += 1;
        }
        bytes
    };
    // SAFETY: no more indices are written than bits were read and a word; a part of the bytes is 16 of 64.
    unsafe {
        let bytes = _mm512_loadu_si512(BYTES.as_ptr().cast());
        let mut count = 0;
        for (first, &word) in (0..).step_by(WORD).zip(words) {
            let (ones, first) = (word.count_ones() as usize, _mm512_set1_epi32(first));
            let places = _mm512_maskz_compress_epi8(word, bytes);
            let to = indices.add(count);
            let put = |part: __m128i, at: usize| {
                let part = _mm512_add_epi32(_mm512_cvtepu8_epi32(part), first);
                _mm512_storeu_si512(to.add(at).cast(), part);
            };
            put(_mm512_castsi512_si128(places), 0);
            if ones > 16 {
                put(_mm512_extracti32x4_epi32::<1>(places), 16);
                put(_mm512_extracti32x4_epi32::<2>(places), 32);
                put(_mm512_extracti32x4_epi32::<3>(places), 48);
            }
            count += ones;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_is_listed_once_and_in_order() {
        for isa in Isa::available() {
            for words in [vec![], vec![0], vec![u64::MAX; 2], vec![1 << 63, 0, 1], vec![0x8421_0f0f_5555_0001, 0xff]] {
                let expected: Vec<u32> =
                    (0..64 * words.len() as u32).filter(|i| words[*i as usize / 64] >> (i % 64) & 1 == 1).collect();
                let mut indices = vec![0; (words.len() + 1) * WORD];
                let count = isa.list(&words, &mut indices);
                assert_eq!(indices[..count], expected, "{words:x?} on {isa:?}");
            }
        }
    }
}
