//! ChaCha on GPUs: draws the same random numbers as the host.

use super::launch::{address_type, grid};
use crate::CounterRng;
use crate::backend::RandomBackend;
use burn::tensor::{DType, Shape};
use burn_cubecl::CubeBackend;
use burn_cubecl::cubecl;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

impl RandomBackend for CubeBackend {
    fn uniform(indices: CubeTensor, rng: CounterRng, shape @ [steps, samples, columns]: [usize; 3]) -> CubeTensor {
        let (client, device) = (indices.client.clone(), indices.device.clone());
        let values = empty_device_contiguous_dtype(client, device, Shape::from(shape), DType::F32);
        let blocks = columns.div_ceil(WORDS);
        let total = steps * samples * blocks;
        let (count, dim) = grid(&values, total);
        let mut key = SequenceArg::new();
        for word in ChaCha8Rng::seed_from_u64(rng.seed).get_seed().chunks_exact(4) {
            key.push(u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
        }
        let draw = DrawLaunch::new(key, rng.stream as u32, rng.first_step as u32, total, samples, blocks, columns);
        // SAFETY: a unit past the last block stops at once; the others stop at the end of their row.
        unsafe {
            uniform_kernel::launch_unchecked(
                &values.client,
                count,
                dim,
                address_type([&values, &indices]),
                indices.into_buffer_arg(),
                values.clone().into_buffer_arg(),
                draw,
            );
        }
        values
    }
}

/// Words of a ChaCha block, which one unit draws.
const WORDS: usize = 16;

/// Key, stream and size of a draw.
#[derive(CubeType, CubeLaunch)]
struct Draw {
    /// The key's eight words.
    key: Sequence<u32>,
    stream: u32,
    first_step: u32,
    /// Blocks of all samples and steps.
    total: usize,
    /// Samples of a step.
    samples: usize,
    /// Blocks of a sample in a step.
    blocks: usize,
    /// Values of a sample in a step.
    columns: usize,
}

#[cube(launch_unchecked, address_type = "dynamic")]
fn uniform_kernel(indices: &[f32], values: &mut [f32], draw: Draw) {
    let at = ABSOLUTE_POS;
    if at >= draw.total {
        terminate!();
    }
    let (row, block) = (at / draw.blocks, at % draw.blocks);
    let (step, sample) = (row / draw.samples, row % draw.samples);
    let index = u32::cast_from(indices[2 * sample]) | (u32::cast_from(indices[2 * sample + 1]) << 16u32);
    let words = block_of(&draw, u32::cast_from(block), index, draw.first_step + u32::cast_from(step));
    let first = block * comptime!(WORDS);
    #[unroll]
    for i in 0..comptime!(WORDS) {
        if first + i < draw.columns {
            values[row * draw.columns + first + i] = f32::cast_from(words[i] >> 8u32) * 5.960_464_5e-8; // 2^-24
        }
    }
}

/// The words of a block: ChaCha with 8 rounds (Bernstein 2008).
#[cube]
fn block_of(draw: &Draw, counter: u32, sample: u32, step: u32) -> Array<u32> {
    let mut words = start(draw, counter, sample, step);
    #[unroll]
    for _ in 0..4 {
        #[unroll]
        for i in 0..4usize {
            quarter_round(&mut words, i, comptime!(4 + i), comptime!(8 + i), comptime!(12 + i));
        }
        #[unroll]
        for i in 0..4usize {
            let (b, c, d) = comptime!((4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4));
            quarter_round(&mut words, i, b, c, d);
        }
    }
    let before = start(draw, counter, sample, step);
    #[unroll]
    for i in 0..comptime!(WORDS) {
        words[i] += before[i];
    }
    words
}

/// The input of a block: "expand 32-byte k", the key, the index of the block, the sample, the step, the stream.
#[cube]
fn start(draw: &Draw, counter: u32, sample: u32, step: u32) -> Array<u32> {
    let mut words = Array::<u32>::new(comptime!(WORDS));
    words[0] = 0x6170_7865u32;
    words[1] = 0x3320_646eu32;
    words[2] = 0x7962_2d32u32;
    words[3] = 0x6b20_6574u32;
    #[unroll]
    for i in 0..8usize {
        words[4 + i] = *draw.key.index(i);
    }
    words[12] = counter;
    words[13] = sample;
    words[14] = step;
    words[15] = draw.stream;
    words
}

#[cube]
fn quarter_round(
    words: &mut Array<u32>,
    #[comptime] a: usize,
    #[comptime] b: usize,
    #[comptime] c: usize,
    #[comptime] d: usize,
) {
    words[a] += words[b];
    words[d] = rotate(words[d] ^ words[a], 16u32);
    words[c] += words[d];
    words[b] = rotate(words[b] ^ words[c], 12u32);
    words[a] += words[b];
    words[d] = rotate(words[d] ^ words[a], 8u32);
    words[c] += words[d];
    words[b] = rotate(words[b] ^ words[c], 7u32);
}

#[cube]
fn rotate(word: u32, #[comptime] by: u32) -> u32 {
    (word << by) | (word >> comptime!(32 - by))
}
