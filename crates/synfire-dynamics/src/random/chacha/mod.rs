//! ChaCha with 8 rounds (Bernstein 2008), eight blocks at a time: values, or spikes where they are below limits.
#![allow(unsafe_code)] // to call what is compiled for an instruction set

#[cfg(target_arch = "x86_64")]
mod rotating;

use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;

/// Blocks that are drawn together.
pub(super) const BLOCKS: usize = 8;
/// Numbers of a block.
pub(super) const NUMBERS: usize = 16;

/// A value of each block.
pub(super) type Lanes<T> = [T; BLOCKS];

/// The words that all blocks of a sample and a step start from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) key: [u32; 8],
    /// Index of the sample, above the index of a block.
    pub(super) sample: u32,
    pub(super) nonce: [u32; 2],
}

/// Blocks of a sample, and the limits of their numbers.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Index of each block.
    pub(super) blocks: Lanes<u32>,
    /// Of each number of a block: the value of 24 bits that it must be below for a spike.
    pub(super) limits: [Lanes<i32>; NUMBERS],
}

impl Isa {
    /// A bit for each number of each block, from the lowest on: whether its upper 24 bits are below its limit.
    pub(super) fn spikes(self, origin: &Origin, group: &Group) -> Lanes<u32> {
        #[cfg(target_arch = "x86_64")]
        if matches!(self, Isa::Avx512 | Isa::Avx512Jit) {
            // SAFETY: an instruction set is only chosen after the processor was asked for it.
            return unsafe { rotating::spikes(origin, group) };
        }
        dispatch!(self.of_eight_lanes(), spikes(origin: &Origin, group: &Group) -> Lanes<u32>)
    }

    /// Writes the first numbers of a sample and a step as values in [0, 1).
    pub(super) fn uniform(self, origin: &Origin, values: &mut [f32]) {
        dispatch!(self.of_eight_lanes(), uniform(origin: &Origin, values: &mut [f32]) -> ());
    }
}

#[inline(always)]
fn uniform<S: Simd>(origin: &Origin, values: &mut [f32]) {
    for (group, values) in values.chunks_mut(BLOCKS * NUMBERS).enumerate() {
        let first = (group * BLOCKS) as u32;
        let words = blocks(origin, &core::array::from_fn(|lane| first + lane as u32));
        for (lane, values) in values.chunks_mut(NUMBERS).enumerate() {
            for (value, word) in values.iter_mut().zip(&words) {
                *value = (word[lane] >> 8) as f32 / 16_777_216.0;
            }
        }
    }
}

#[inline(always)]
fn spikes<S: Simd>(origin: &Origin, group: &Group) -> Lanes<u32> {
    let words = blocks(origin, &group.blocks);
    let mut spikes = [0; BLOCKS];
    for (number, (word, limits)) in words.iter().zip(&group.limits).enumerate() {
        for lane in 0..BLOCKS {
            let below = (word[lane] >> 8).cast_signed() < limits[lane];
            spikes[lane] |= u32::from(below) << number;
        }
    }
    spikes
}

/// The words that each block starts from.
#[inline(always)]
fn start(origin: &Origin, indices: &Lanes<u32>) -> [Lanes<u32>; NUMBERS] {
    let constants = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
    let mut start = [[0; BLOCKS]; NUMBERS];
    for (word, value) in start.iter_mut().zip(constants.into_iter().chain(origin.key)) {
        *word = [value; BLOCKS];
    }
    start[12] = *indices;
    start[13] = [origin.sample; BLOCKS];
    start[14] = [origin.nonce[0]; BLOCKS];
    start[15] = [origin.nonce[1]; BLOCKS];
    start
}

/// The sixteen words of each block, by plain loops over lanes, which the compiler makes registers of.
#[inline(always)]
fn blocks(origin: &Origin, indices: &Lanes<u32>) -> [Lanes<u32>; NUMBERS] {
    let start = start(origin, indices);
    let mut words = start;
    for _ in 0..4 {
        for i in 0..4 {
            quarter(&mut words, [i, 4 + i, 8 + i, 12 + i]);
        }
        for i in 0..4 {
            quarter(&mut words, [i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4]);
        }
    }
    for (word, start) in words.iter_mut().zip(&start) {
        for (word, start) in word.iter_mut().zip(start) {
            *word = word.wrapping_add(*start);
        }
    }
    words
}

#[inline(always)]
fn quarter(words: &mut [Lanes<u32>; NUMBERS], [a, b, c, d]: [usize; 4]) {
    add_xor_rotate::<16>(words, [a, b, d]);
    add_xor_rotate::<12>(words, [c, d, b]);
    add_xor_rotate::<8>(words, [a, b, d]);
    add_xor_rotate::<7>(words, [c, d, b]);
}

/// `a += b; d ^= a; d <<<= BITS`
#[allow(clippy::needless_range_loop)] // three rows at once
#[inline(always)]
fn add_xor_rotate<const BITS: u32>(words: &mut [Lanes<u32>; NUMBERS], [a, b, d]: [usize; 3]) {
    for lane in 0..BLOCKS {
        words[a][lane] = words[a][lane].wrapping_add(words[b][lane]);
        words[d][lane] = (words[d][lane] ^ words[a][lane]).rotate_left(BITS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    #[test]
    fn blocks_are_those_of_rand_chacha() {
        let seed: [u8; 32] = core::array::from_fn(|i| (37 * i + 5) as u8);
        let (sample, stream) = (u32::MAX - 3, 0x0123_4567_89ab_cdef_u64);
        let key = core::array::from_fn(|i| u32::from_le_bytes(*seed[4 * i..].first_chunk().unwrap()));
        let origin = Origin { key, sample, nonce: [stream as u32, (stream >> 32) as u32] };
        let indices = [0, 7, 3, 1_000_000, 1, 2, u32::MAX, 9];
        let drawn = blocks(&origin, &indices);
        for (lane, &index) in indices.iter().enumerate() {
            let mut rng = ChaCha8Rng::from_seed(seed);
            rng.set_stream(stream);
            rng.set_word_pos((u128::from(sample) << 36) + (u128::from(index) << 4));
            let expected: Vec<u32> = (0..NUMBERS).map(|_| rng.next_u32()).collect();
            let words: Vec<u32> = drawn.iter().map(|word| word[lane]).collect();
            assert_eq!(words, expected, "block {index}");
        }
    }

    #[test]
    fn every_instruction_set_draws_the_same() {
        let origin = Origin { key: [7; 8], sample: 5, nonce: [3, 1] };
        let limits = core::array::from_fn(|number| [(number as i32) << 20; BLOCKS]);
        let group = Group { blocks: [0, 1, 2, 3, 4, 5, 6, 7], limits };
        for isa in Isa::available() {
            let mut values = [0.0; 300];
            isa.uniform(&origin, &mut values);
            for (i, value) in values.iter().enumerate() {
                let word = blocks(&origin, &[(i / NUMBERS) as u32; BLOCKS])[i % NUMBERS][0];
                assert_eq!(*value, (word >> 8) as f32 / 16_777_216.0, "{isa:?}, value {i}");
            }
            for (block, spikes) in isa.spikes(&origin, &group).into_iter().enumerate() {
                for number in 0..NUMBERS {
                    let expected = values[block * NUMBERS + number] < number as f32 / 16.0;
                    assert_eq!(spikes >> number & 1 == 1, expected, "{isa:?}, block {block}, number {number}");
                }
            }
        }
    }
}
