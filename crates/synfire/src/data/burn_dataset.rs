//! Data sets of Burn as Synfire's, and Synfire's as Burn's.
//!
//! ```
//! use burn_dataset::{Dataset as _, InMemDataset}; // which are those of `burn::data::dataset`
//! use synfire::data::{Dataset, Sample, Target};
//! use synfire::data::burn_dataset::{BurnDataset, from_burn};
//!
//! /// An item as Burn's data sets have them.
//! #[derive(Clone, Debug)]
//! struct Item { values: [f32; 4], class: usize }
//!
//! let items = (0..20).map(|i| Item { values: [i as f32; 4], class: i % 2 }).collect();
//! let split = from_burn(InMemDataset::new(items), [4], |item: Item| {
//!     Sample::new(item.values, Target::Class(item.class as i64))
//! })?;
//! let data = Dataset::from_split("items", split)?;
//!
//! // And back: a data set for Burn's `DataLoaderBuilder`.
//! let train = BurnDataset(data.train);
//! assert_eq!(train.len(), 16);
//! let sample: Sample = train.get(3).unwrap();
//! assert_eq!(sample.values.len(), 4);
//! # Ok::<(), synfire::Error>(())
//! ```

use burn_dataset::{Dataset, DatasetError};
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use synfire_data::{DataError, Sample, Samples, Split};

/// Makes a split of any data set of Burn.
///
/// `shape` is that of one sample, and `sample` makes a sample of an item. Every item is read once to look at its target,
/// and again for each batch.
///
/// # Errors
/// As [`Split::new`], or if an item cannot be read.
pub fn from_burn<I, E>(
    dataset: impl Dataset<I, E> + 'static,
    shape: impl Into<Vec<usize>>,
    sample: impl Fn(I) -> Sample + Send + Sync + 'static,
) -> Result<Split, DataError>
where
    I: 'static,
    E: Error + Send + Sync + 'static,
{
    Split::new(FromBurn { dataset, shape: shape.into(), sample, item: PhantomData })
}

/// A data set of Burn whose items become samples.
struct FromBurn<D, F, I, E> {
    dataset: D,
    shape: Vec<usize>,
    sample: F,
    item: PhantomData<fn() -> Result<I, E>>,
}

impl<D, F, I, E> Samples for FromBurn<D, F, I, E>
where
    D: Dataset<I, E>,
    F: Fn(I) -> Sample + Send + Sync,
    E: Error + Send + Sync + 'static,
{
    fn len(&self) -> usize {
        self.dataset.len()
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn sample(&self, index: usize) -> Result<Sample, DataError> {
        // Burn's data sets panic beyond their end.
        if index >= self.dataset.len() {
            return Err(DataError::NoSample { index, samples: self.dataset.len() });
        }
        self.dataset.get(index).map(&self.sample).map_err(DataError::custom)
    }
}

impl<D, F, I, E> fmt::Debug for FromBurn<D, F, I, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromBurn").field("shape", &self.shape).finish_non_exhaustive()
    }
}

/// A split as a data set of Burn, whose items are [`Sample`]s.
///
/// [`Batch::gather`](synfire_data::Batch::gather) makes a batch of them, in a `Batcher` of Burn for example. An index
/// beyond the end is an error, not a panic.
#[derive(Clone, Debug)]
pub struct BurnDataset(pub Split);

impl Dataset<Sample> for BurnDataset {
    fn get(&self, index: usize) -> Result<Sample, DatasetError> {
        self.0.samples().sample(index).map_err(DatasetError::new)
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn_dataset::InMemDataset;
    use synfire_data::{Dataset as OurDataset, Target};

    #[test]
    fn there_and_back_are_the_same_samples() {
        let digits = OurDataset::digits().test;
        let there = BurnDataset(digits.clone());
        let back = from_burn(there, [8, 8], |sample: Sample| sample).unwrap();
        assert_eq!(back.labels(), digits.labels());
        assert_eq!(back.batch(&[5, 359, 5]).unwrap(), digits.batch(&[5, 359, 5]).unwrap());
    }

    #[test]
    fn an_index_beyond_the_end_is_an_error_on_both_ways() {
        let split = from_burn(InMemDataset::new(vec![1.0f32, 2.0]), [1], |value: f32| {
            Sample::new([value], Target::Class(value as i64))
        });
        let split = split.unwrap();
        assert!(split.samples().sample(2).unwrap_err().to_string().contains("no sample 2"));
        assert!(BurnDataset(split).get(2).unwrap_err().to_string().contains("no sample 2"));
    }

    #[test]
    fn items_of_another_shape_are_refused() {
        let split =
            from_burn(InMemDataset::new(vec![0, 1]), [3], |class: i64| Sample::new([0.0], Target::Class(class)));
        let error = split.unwrap().batch(&[1]).unwrap_err().to_string();
        assert!(error.contains("sample 1") && error.contains("1 values, expected 3"), "{error}");
    }
}
