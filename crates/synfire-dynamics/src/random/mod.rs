//! Counter-based random numbers, the same on every backend.

mod chacha;
mod thresholds;

use crate::SpikeBits;
use crate::backend::{RandomBackend, is_gpu};
use crate::kernel::Isa;
use burn::backend::Dispatch;
use burn::tensor::{Device, Tensor, TensorData};
use chacha::Origin;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use std::sync::Arc;
use thresholds::Thresholds;

/// Counter-based random number generator: uniform on [0, 1) with 24 bits, on every backend the same.
///
/// ChaCha with 8 rounds (Bernstein 2008). The values of a sample in a step are a function of seed, stream, step and the
/// sample's index alone: any part can be drawn in any order, by any number of threads, on the host or on a GPU, and a
/// sample is given the same values alone and in any batch.
///
/// ```
/// use burn::tensor::Device;
/// use synfire_dynamics::CounterRng;
///
/// let rng = CounterRng::new(1);
/// let values = rng.tensor([2, 4, 3], &Device::flex());
/// assert_eq!(values.clone().into_data(), rng.tensor([2, 4, 3], &Device::ndarray()).into_data());
/// // the second step by itself
/// let second = rng.clone().at_step(1).tensor([1, 4, 3], &Device::flex());
/// assert_eq!(second.into_data(), values.clone().narrow(0, 1, 1).into_data());
/// // the last sample by itself
/// let last = rng.of_samples([3]).tensor([2, 1, 3], &Device::flex());
/// assert_eq!(last.into_data(), values.narrow(1, 3, 1).into_data());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterRng {
    /// Seed of the key.
    pub seed: u64,
    /// Distinguishes independent streams that share a seed; only the lower 32 bits are used.
    pub stream: u64,
    /// Index of the first step, below 2^32.
    pub first_step: usize,
    samples: Arc<[u32]>,
}

impl CounterRng {
    /// Stream 0 of a seed, from step 0 on, for samples 0, 1, ..
    #[must_use]
    pub fn new(seed: u64) -> Self {
        CounterRng { seed, stream: 0, first_step: 0, samples: Arc::default() }
    }

    /// The same for samples of these indices, of which the lower 32 bits are used; none is 0, 1, ..
    #[must_use]
    pub fn of_samples(self, indices: impl IntoIterator<Item = usize>) -> Self {
        CounterRng { samples: indices.into_iter().map(|index| index as u32).collect(), ..self }
    }

    /// The same from another step on.
    #[must_use]
    pub fn at_step(self, first_step: usize) -> Self {
        CounterRng { first_step, ..self }
    }

    /// The same in another stream.
    #[must_use]
    pub fn in_stream(self, stream: u64) -> Self {
        CounterRng { stream, ..self }
    }

    /// Index of sample `b` of a batch.
    fn sample(&self, b: usize) -> u32 {
        self.samples.get(b).copied().unwrap_or(b as u32)
    }

    /// Uniform random tensor `[steps, samples, columns]`. A GPU draws it itself, elsewhere the host does.
    #[must_use]
    pub fn tensor(&self, shape: [usize; 3], device: &Device) -> Tensor<3> {
        let inner = device.clone().inner();
        let values = match is_gpu(&inner) && !shape.contains(&0) {
            true => {
                // a float tensor as any other for Burn's queue; 24 bits are exact in it
                let indices: Vec<f32> = (0..shape[1])
                    .map(|b| self.sample(b))
                    .flat_map(|index| [(index & 0xffff) as f32, (index >> 16) as f32])
                    .collect();
                let indices = Tensor::<1>::from_data(TensorData::new(indices, [2 * shape[1]]), &inner);
                Tensor::from_dispatch(Dispatch::uniform(indices.into_dispatch(), self.clone(), shape))
            }
            false => {
                let values = self.rows(shape, |_, _, _| ());
                Tensor::from_data(TensorData::new(values, shape), &inner)
            }
        };
        if device.is_autodiff() { Tensor::from_inner(values) } else { values }
    }

    /// Draws `[steps, samples, columns]` on the host; `transform` gets the row of each step and sample, with their
    /// indices from 0 in the batch, and may overwrite it.
    pub fn rows(
        &self,
        [steps, samples, columns]: [usize; 3],
        transform: impl Fn(usize, usize, &mut [f32]) + Sync,
    ) -> Vec<f32> {
        let mut values = vec![0.0; steps * samples * columns];
        let (key, isa) = (self.key(), Isa::best());
        values.par_chunks_mut(columns.max(1)).enumerate().for_each(|(row, values)| {
            let (step, b) = (row / samples, row % samples);
            isa.uniform(&self.origin(key, step, b), values);
            transform(step, b, values);
        });
        values
    }

    /// Spikes `[steps, samples, inputs]`: where the value that [`tensor`](Self::tensor) has there is below the threshold
    /// of the sample's input, `[samples * inputs]`, in the steps that are `on`. They are drawn on the host and decided
    /// while the values are in cache.
    ///
    /// ```
    /// use synfire_dynamics::CounterRng;
    ///
    /// let spikes = CounterRng::new(1).spikes([100, 1, 2], &[0.0, 1.0], |step| step < 50);
    /// assert_eq!(spikes.density(), 0.25);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is not one threshold for each input of each sample.
    #[must_use]
    pub fn spikes(
        &self,
        dims @ [_, samples, inputs]: [usize; 3],
        thresholds: &[f32],
        on: impl Fn(usize) -> bool + Sync,
    ) -> SpikeBits {
        assert_eq!(thresholds.len(), samples * inputs, "a threshold for each input of each sample");
        let (key, isa) = (self.key(), Isa::best());
        let thresholds: Vec<Thresholds> = thresholds.par_chunks(inputs.max(1)).map(Thresholds::of).collect();
        SpikeBits::packed(dims, |row, words| {
            let (step, b) = (row / samples, row % samples);
            if on(step) {
                thresholds[b].draw(isa, &self.origin(key, step, b), words);
            }
        })
    }

    /// The key of the seed.
    fn key(&self) -> [u32; 8] {
        let seed = ChaCha8Rng::seed_from_u64(self.seed).get_seed();
        let mut words = seed.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes));
        core::array::from_fn(|_| words.next().unwrap_or_default())
    }

    /// The start of the blocks of a step and a sample, by their indices from 0 in the batch.
    fn origin(&self, key: [u32; 8], step: usize, b: usize) -> Origin {
        let stream = (self.stream << 32) + (self.first_step + step) as u64;
        Origin { key, sample: self.sample(b), nonce: [stream as u32, (stream >> 32) as u32] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::Rng;

    #[test]
    fn each_step_and_sample_is_a_stream_of_its_own() {
        let samples = [3, 70_000, u32::MAX as usize];
        let rng = CounterRng::new(5).in_stream(2).at_step(7).of_samples(samples);
        let values = rng.rows([2, 3, 700], |_, _, _| ());
        for (row, values) in values.chunks(700).enumerate() {
            let mut rng = ChaCha8Rng::seed_from_u64(5);
            rng.set_stream((2 << 32) + 7 + (row / 3) as u64);
            rng.set_word_pos((samples[row % 3] as u128) << 36);
            assert!(values.iter().all(|x| *x == (rng.next_u32() >> 8) as f32 / 16_777_216.0));
        }
    }

    #[test]
    fn a_batch_changes_nothing() {
        let rng = CounterRng::new(1).of_samples([4, 9, 2]);
        let together = rng.rows([5, 3, 20], |_, _, _| ());
        let alone = CounterRng::new(1).of_samples([9]).rows([5, 1, 20], |_, _, _| ());
        let of_second: Vec<f32> = together.chunks(60).flat_map(|step| step[20..40].to_vec()).collect();
        assert_eq!(alone, of_second);
        assert_ne!(together[..20], together[20..40]);
    }

    #[test]
    fn spikes_are_where_values_are_below_their_thresholds() {
        for inputs in [1, 8, 64, 250, 700] {
            let dims @ [_, samples, _] = [3, 2, inputs];
            let rng = CounterRng::new(9).in_stream(1).of_samples([5, 3]);
            let thresholds: Vec<f32> = (0..samples * inputs).map(|i| (i % 9) as f32 / 8.0).collect();
            let expected = rng.rows(dims, |step, b, row| {
                let thresholds = &thresholds[b * inputs..];
                row.iter_mut().zip(thresholds).for_each(|(u, p)| *u = f32::from(step != 1 && *u < *p));
            });
            let spikes = rng.spikes(dims, &thresholds, |step| step != 1);
            assert_eq!((spikes.dims(), spikes.values()), (dims, expected));
        }
    }
}
