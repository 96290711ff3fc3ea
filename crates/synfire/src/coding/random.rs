//! Random numbers that do not depend on the backend.

use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

/// Uniform numbers in [0, 1) for every step of a batch `[B, F]`, `[T, B, F]`.
pub(crate) fn signal(steps: usize, samples: &Tensor<2>, seed: u64) -> Tensor<3> {
    let [batch, features] = samples.dims();
    uniform(steps, batch * features, seed, 0, &samples.device()).reshape([steps, batch, features])
}

/// Uniform numbers in [0, 1) on a grid of 2^-24, `[rows, columns]`.
///
/// Drawn on the host, each row from a stream of the generator of its own, so that the same seed gives the
/// same numbers on every backend and with any number of threads. `source` tells apart what shares a seed.
pub(crate) fn uniform(rows: usize, columns: usize, seed: u64, source: u64, device: &Device) -> Tensor<2> {
    let mut values = vec![0.0f32; rows * columns];
    values.par_chunks_mut(columns.max(1)).enumerate().for_each(|(row, values)| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((source << 32) + row as u64);
        for value in values {
            *value = (rng.next_u32() >> 8) as f32 / 16_777_216.0;
        }
    });
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}
