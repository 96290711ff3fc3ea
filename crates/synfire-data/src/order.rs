//! The order in which an epoch visits the samples.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// The order of one epoch: a shuffle that is a pure function of its arguments.
///
/// Because nothing is carried over from one epoch to the next, a training run
/// resumes at any epoch and any batch (`order.batches(…).skip(done)`) exactly
/// as if it had never stopped, and a checkpoint needs no generator's state:
/// seed, epoch and batch number are enough.
///
/// The order never changes with the version of a random number library. It is
/// defined here: a [Fisher–Yates] shuffle from the back, whose draws come from
/// ChaCha8 with the 32-byte key `seed` (u64, little-endian) ‖ `epoch` (same) ‖
/// `"synfire order v1"`, counter and nonce 0. The draw below `bound` joins the
/// next two 32-bit words, low word first, into `x` and takes
/// `(x × bound) >> 64`; its bias, below `bound`/2⁶⁴, is of no consequence.
///
/// ```
/// use synfire_data::{Dataset, EpochOrder};
///
/// let train = Dataset::digits().train;
/// let order = EpochOrder::new(train.len(), 42, 0);
/// for indices in order.batches(128, false) {
///     let batch = train.batch(indices)?;
///     assert_eq!(batch.len(), indices.len());
/// }
/// // 1437 = 11 × 128 + 29
/// assert_eq!(order.batches(128, false).len(), 12);
/// assert_eq!(order.batches(128, true).len(), 11);
/// # Ok::<(), synfire_data::DataError>(())
/// ```
///
/// [Fisher–Yates]: https://en.wikipedia.org/wiki/Fisher%E2%80%93Yates_shuffle
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochOrder {
    indices: Vec<usize>,
}

/// Keeps this use of a seed apart from all others.
const PURPOSE: &[u8; 16] = b"synfire order v1";

impl EpochOrder {
    /// The order of the samples `0..samples` in one epoch.
    pub fn new(samples: usize, seed: u64, epoch: u64) -> Self {
        Self::of((0..samples).collect(), seed, epoch)
    }

    /// The order of a part of the samples, such as
    /// [`Holdout::train`](crate::Holdout::train), in one epoch.
    pub fn of(indices: Vec<usize>, seed: u64, epoch: u64) -> Self {
        Self { indices: shuffled(indices, seed, epoch, PURPOSE) }
    }

    /// All indices in the order of the epoch.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// The indices of one batch after another, `batch_size` at a time; a last,
    /// smaller batch is left out if `drop_last`. A single sample that is left over
    /// joins the batch before it: batch normalisation has no variance of one.
    ///
    /// # Panics
    /// If `batch_size` is 0.
    pub fn batches(&self, batch_size: usize, drop_last: bool) -> impl ExactSizeIterator<Item = &[usize]> {
        let samples = self.indices.len();
        let count = batch_count(samples, batch_size, drop_last);
        let end = if drop_last { count * batch_size } else { samples };
        (0..count).map(move |i| {
            let next = if i + 1 == count { end } else { (i + 1) * batch_size };
            &self.indices[i * batch_size..next]
        })
    }
}

/// Number of batches that [`EpochOrder::batches`] makes of so many samples.
///
/// ```
/// use synfire_data::batch_count;
///
/// assert_eq!([batch_count(256, 128, false), batch_count(258, 128, false), batch_count(258, 128, true)], [2, 3, 2]);
/// assert_eq!(batch_count(257, 128, false), 2); // of 128 and 129
/// ```
///
/// # Panics
/// If `batch_size` is 0.
pub fn batch_count(samples: usize, batch_size: usize, drop_last: bool) -> usize {
    assert_ne!(batch_size, 0, "a batch must have at least one sample");
    let whole = samples / batch_size;
    match samples % batch_size {
        0 => whole,
        1 if whole > 0 => whole,
        _ => whole + usize::from(!drop_last),
    }
}

/// The indices `0..samples` in the order of one epoch: [`EpochOrder::new`] as a list.
///
/// ```
/// assert_eq!(synfire_data::order(5, 42, 0), synfire_data::order(5, 42, 0));
/// ```
pub fn order(samples: usize, seed: u64, epoch: u64) -> Vec<usize> {
    EpochOrder::new(samples, seed, epoch).indices
}

/// Shuffles by `(seed, number)`, as documented at [`EpochOrder`].
pub(crate) fn shuffled<T>(mut items: Vec<T>, seed: u64, number: u64, purpose: &[u8; 16]) -> Vec<T> {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&number.to_le_bytes());
    key[16..].copy_from_slice(purpose);
    let mut words = ChaCha8Rng::from_seed(key);
    for last in (1..items.len()).rev() {
        items.swap(last, below(last + 1, &mut words));
    }
    items
}

/// Draws an integer from `0..bound`.
fn below(bound: usize, words: &mut ChaCha8Rng) -> usize {
    let (low, high) = (words.next_u32(), words.next_u32());
    let x = u128::from(high) << 32 | u128::from(low);
    ((x * bound as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Orders from a ChaCha8 and a shuffle written separately in Python after
    /// the definition in the documentation.
    #[test]
    fn the_order_is_the_documented_one() {
        assert_eq!(order(12, 7, 0), [7, 6, 11, 10, 4, 5, 9, 1, 0, 2, 8, 3]);
        assert_eq!(order(12, 7, 1), [11, 4, 3, 1, 9, 0, 6, 8, 2, 10, 7, 5]);
        let mnist = order(60_000, 42, 3);
        assert_eq!(mnist[..5], [37877, 28678, 23930, 11117, 4040]);
        assert_eq!(mnist[59_997..], [47749, 38825, 1425]);
    }

    #[test]
    fn every_order_is_a_permutation() {
        for samples in [0, 1, 2, 3, 10, 1437] {
            for epoch in [0, 1, u64::MAX] {
                let mut sorted = order(samples, u64::MAX, epoch);
                sorted.sort_unstable();
                assert_eq!(sorted, (0..samples).collect::<Vec<_>>());
            }
        }
    }

    /// Each sample is equally likely at each place: 6000 shuffles of 6, so
    /// 1000 expected per cell with a standard deviation of 29.
    #[test]
    fn places_are_uniform() {
        let mut counts = [[0i32; 6]; 6];
        for epoch in 0..6000 {
            for (place, sample) in order(6, 1, epoch).into_iter().enumerate() {
                counts[place][sample] += 1;
            }
        }
        let worst = counts.as_flattened().iter().map(|count| (count - 1000).abs()).max();
        assert!(worst < Some(145), "{counts:?}");
    }

    #[test]
    fn batches_cover_the_epoch_once() {
        // (samples, batch size, drop last) → sizes
        for (samples, size, drop_last, expected) in [
            (10, 4, false, vec![4, 4, 2]),
            (10, 4, true, vec![4, 4]),
            (8, 4, true, vec![4, 4]),
            (3, 4, false, vec![3]),
            (3, 4, true, vec![]),
            (0, 4, false, vec![]),
        ] {
            let order = EpochOrder::new(samples, 0, 0);
            let sizes: Vec<_> = order.batches(size, drop_last).map(<[_]>::len).collect();
            assert_eq!(sizes, expected, "{samples} {size} {drop_last}");
            let visited: Vec<_> = order.batches(size, drop_last).flatten().copied().collect();
            assert_eq!(visited, order.indices()[..visited.len()]);
        }
    }

    #[test]
    fn a_part_is_shuffled_like_the_whole() {
        let part = vec![30, 10, 20];
        let expected: Vec<_> = order(3, 9, 2).into_iter().map(|index| part[index]).collect();
        assert_eq!(EpochOrder::of(part, 9, 2).indices(), expected);
    }
}
