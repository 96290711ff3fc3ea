//! Random numbers that do not depend on the backend.

use crate::backend::{RandomBackend, is_gpu};
use burn::backend::Dispatch;
use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

/// Uniform numbers in [0, 1) on a grid of 2^-24, row after row.
///
/// The generator is ChaCha with 8 rounds (Bernstein 2008), which counts instead of remembering: each row is a
/// stream of its own, so that the same seed gives the same numbers on every backend and with any number of
/// threads.
///
/// ```
/// use burn::tensor::Device;
/// use synfire_dynamics::Draws;
///
/// let draws = Draws::seeded(1);
/// let numbers = draws.tensor([2, 3], &Device::flex());
/// assert_eq!(numbers.clone().into_data(), draws.tensor([2, 3], &Device::ndarray()).into_data());
/// // the second row by itself
/// let second = Draws { first: 1, ..draws }.tensor([1, 3], &Device::flex());
/// assert_eq!(second.into_data(), numbers.narrow(0, 1, 1).into_data());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// What the numbers depend on.
    pub seed: u64,
    /// Tells apart what shares a seed; the lower 32 bits count.
    pub source: u64,
    /// Number of the first row, below 2^32.
    pub first: usize,
}

impl Draws {
    /// The first numbers of a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Draws { seed, source: 0, first: 0 }
    }

    /// The numbers, `[rows, columns]`: drawn by a GPU where they are wanted on one.
    #[must_use]
    pub fn tensor(self, [rows, columns]: [usize; 2], device: &Device) -> Tensor<2> {
        let inner = device.clone().inner();
        let numbers = match is_gpu(&inner) && rows * columns > 0 {
            true => {
                let like = Tensor::<1>::empty([1], &inner).into_dispatch();
                Tensor::from_dispatch(Dispatch::uniform(like, self, [rows, columns]))
            }
            false => {
                let values = self.rows([rows, columns], |_, _| ());
                Tensor::from_data(TensorData::new(values, [rows, columns]), &inner)
            }
        };
        if device.is_autodiff() { Tensor::from_inner(numbers) } else { numbers }
    }

    /// What `decide` makes of each row of the numbers, in their place, on the host; it gets the row's number too.
    pub fn rows(self, [rows, columns]: [usize; 2], decide: impl Fn(usize, &mut [f32]) + Sync) -> Vec<f32> {
        let mut values = vec![0.0; rows * columns];
        values.par_chunks_mut(columns.max(1)).enumerate().for_each(|(row, values)| {
            self.fill(row, values);
            decide(row, values);
        });
        values
    }

    /// Drawing many bytes at once is faster than number by number.
    fn fill(self, row: usize, values: &mut [f32]) {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream((self.source << 32) + (self.first + row) as u64);
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
        let values = Draws { seed: 5, source: 2, first: 0 }.rows([3, 700], |_, _| ());
        for (row, values) in values.chunks(700).enumerate() {
            let mut rng = ChaCha8Rng::seed_from_u64(5);
            rng.set_stream((2 << 32) + row as u64);
            assert!(values.iter().all(|x| *x == (rng.next_u32() >> 8) as f32 / 16_777_216.0));
        }
    }
}
