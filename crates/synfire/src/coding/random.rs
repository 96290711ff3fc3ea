//! Random numbers that do not depend on the backend.

use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

/// Uniform numbers in [0, 1) on a grid of 2^-24: drawn, or recorded before.
///
/// They are drawn on the host, each row from a stream of the generator of its own, so that the same seed gives
/// the same numbers on every backend and with any number of threads.
pub(crate) enum Draws {
    /// Drawn anew; `source` tells apart what shares a seed.
    Seeded { seed: u64, source: u64 },
    /// As many as are needed, row after row.
    Recorded(Vec<f32>),
}

impl Draws {
    /// Those of `[T, B, I]`, or what is wrong with their shape.
    pub(crate) fn recorded(draws: Tensor<3>, expected: [usize; 3]) -> Result<Self, String> {
        match draws.dims() {
            dims if dims == expected => Ok(Draws::Recorded(draws.into_data().iter::<f32>().collect())),
            dims => Err(format!("was given draws of shape {dims:?}; expected {expected:?}")),
        }
    }

    /// What `decide` makes of each row of draws, in their place; it gets the row's number too.
    pub(crate) fn rows(&self, rows: usize, columns: usize, decide: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
        let mut values = vec![0.0; rows * columns];
        values.par_chunks_mut(columns.max(1)).enumerate().for_each(|(row, values)| {
            match self {
                Draws::Seeded { seed, source } => fill(values, *seed, (source << 32) + row as u64),
                Draws::Recorded(draws) => values.copy_from_slice(&draws[row * columns..][..columns]),
            }
            decide(row, values);
        });
        values
    }
}

/// Uniform numbers, `[rows, columns]`; see [`Draws`].
pub(crate) fn uniform(rows: usize, columns: usize, seed: u64, source: u64, device: &Device) -> Tensor<2> {
    let values = Draws::Seeded { seed, source }.rows(rows, columns, |_, _| ());
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// Numbers of one stream. Drawing many bytes at once is faster than number by number.
fn fill(values: &mut [f32], seed: u64, stream: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    let mut bytes = [0; 1024];
    for values in values.chunks_mut(bytes.len() / 4) {
        let bytes = &mut bytes[..4 * values.len()];
        rng.fill_bytes(bytes);
        for (value, b) in values.iter_mut().zip(bytes.chunks_exact(4)) {
            *value = (u32::from_le_bytes([b[0], b[1], b[2], b[3]]) >> 8) as f32 / 16_777_216.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_a_stream_of_its_own() {
        let values = Draws::Seeded { seed: 5, source: 2 }.rows(3, 700, |_, _| ());
        for (row, values) in values.chunks(700).enumerate() {
            let mut rng = ChaCha8Rng::seed_from_u64(5);
            rng.set_stream((2 << 32) + row as u64);
            assert!(values.iter().all(|x| *x == (rng.next_u32() >> 8) as f32 / 16_777_216.0));
        }
    }
}
