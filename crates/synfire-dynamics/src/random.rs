//! Counter-based random numbers, the same on every backend.

use crate::backend::{RandomBackend, is_gpu};
use burn::backend::Dispatch;
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

/// Counter-based random number generator: uniform on [0, 1) with 24 bits, on every backend the same.
///
/// ChaCha with 8 rounds (Bernstein 2008). Each row is a ChaCha stream of its own and has no state but its
/// index, so rows may be drawn in any order, by any number of threads, on the host or on a GPU.
///
/// ```
/// use burn::tensor::Device;
/// use synfire_dynamics::CounterRng;
///
/// let rng = CounterRng::new(1);
/// let values = rng.tensor([2, 3], &Device::flex());
/// assert_eq!(values.clone().into_data(), rng.tensor([2, 3], &Device::ndarray()).into_data());
/// // the second row by itself
/// let second = CounterRng { first_row: 1, ..rng }.tensor([1, 3], &Device::flex());
/// assert_eq!(second.into_data(), values.narrow(0, 1, 1).into_data());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterRng {
    /// Seed of the key.
    pub seed: u64,
    /// Distinguishes independent streams that share a seed; only the lower 32 bits are used.
    pub stream: u64,
    /// Index of the first row, below 2^32.
    pub first_row: usize,
}

impl CounterRng {
    /// Stream 0 of a seed, from row 0 on.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        CounterRng { seed, stream: 0, first_row: 0 }
    }

    /// Uniform random tensor `[rows, columns]`. A GPU draws it itself, elsewhere the host does.
    #[must_use]
    pub fn tensor(self, [rows, columns]: [usize; 2], device: &Device) -> Tensor<2> {
        let inner = device.clone().inner();
        let values = match is_gpu(&inner) && rows * columns > 0 {
            true => {
                let like = Tensor::<1>::empty([1], &inner).into_dispatch();
                Tensor::from_dispatch(Dispatch::uniform(like, self, [rows, columns]))
            }
            false => {
                let values = self.rows([rows, columns], |_, _| ());
                Tensor::from_data(TensorData::new(values, [rows, columns]), &inner)
            }
        };
        if device.is_autodiff() { Tensor::from_inner(values) } else { values }
    }

    /// Draws `[rows, columns]` on the host; `transform` gets each row, with its index from 0, and may overwrite it.
    pub fn rows(self, [rows, columns]: [usize; 2], transform: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
        let mut values = vec![0.0; rows * columns];
        values.par_chunks_mut(columns.max(1)).enumerate().for_each(|(row, values)| {
            self.fill(row, values);
            transform(row, values);
        });
        values
    }

    /// Fills a row, many bytes at a time: faster than value by value.
    fn fill(self, row: usize, values: &mut [f32]) {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream((self.stream << 32) + (self.first_row + row) as u64);
        let mut bytes = [0; 1024];
        for values in values.chunks_mut(bytes.len() / 4) {
            let bytes = &mut bytes[..4 * values.len()];
            rng.fill_bytes(bytes);
            for (value, b) in values.iter_mut().zip(bytes.chunks_exact(4)) {
                *value = (u32::from_le_bytes([b[0], b[1], b[2], b[3]]) >> 8) as f32 / 16_777_216.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_a_stream_of_its_own() {
        let values = CounterRng { seed: 5, stream: 2, first_row: 0 }.rows([3, 700], |_, _| ());
        for (row, values) in values.chunks(700).enumerate() {
            let mut rng = ChaCha8Rng::seed_from_u64(5);
            rng.set_stream((2 << 32) + row as u64);
            assert!(values.iter().all(|x| *x == (rng.next_u32() >> 8) as f32 / 16_777_216.0));
        }
    }
}
