//! Samples with targets: one half of a data set.

mod extremes;
mod subset;
mod targets;

pub use extremes::Extremes;

use crate::{Batch, DataError, Draw, Samples, TargetKind};
use std::sync::{Arc, OnceLock};
use subset::Subset;
use targets::Summary;

/// Most classes a data set may have.
pub const MAX_CLASSES: usize = 1000;

/// Samples to learn from, or to be measured on.
///
/// A split reads its samples when they are asked for and keeps nothing but their classes, so its size in memory is that
/// of the [`Samples`] inside. A clone shares them.
#[derive(Clone, Debug)]
pub struct Split {
    samples: Arc<dyn Samples>,
    targets: Arc<Summary>,
    extremes: Arc<OnceLock<Extremes>>,
}

/// Values of a batch of inference, at most.
const VALUES_AT_ONCE: usize = 1 << 23;

fn samples_at_once(most: usize, shape: &[usize]) -> usize {
    let values = shape.iter().fold(1, |product: usize, &n| product.saturating_mul(n));
    most.min(VALUES_AT_ONCE / values.max(1)).max(1)
}

impl Split {
    /// Makes a split of any source of samples, after a look at the target of each.
    ///
    /// # Errors
    /// If there are no samples or they have no values; if a target cannot be read, is of another kind than the first,
    /// is a class that is not from 0 to [`MAX_CLASSES`] − 1, or has a value that is not finite.
    pub fn new(samples: impl Samples + 'static) -> Result<Self, DataError> {
        Self::shared(Arc::new(samples))
    }

    /// Makes a split of a source of samples that others hold too; see [`new`](Self::new).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn shared(samples: Arc<dyn Samples>) -> Result<Self, DataError> {
        if samples.is_empty() || samples.shape().iter().product::<usize>() == 0 {
            return Err(DataError::EmptySplit { samples: samples.len(), shape: samples.shape().to_vec() });
        }
        let targets = Arc::new(Summary::of(&*samples)?);
        Ok(Self { samples, targets, extremes: Arc::default() })
    }

    /// Shape of one sample: `[H, W]` or `[C, H, W]` of a picture, `[T, F]` of a series, `[F]` of plain features.
    pub fn sample_shape(&self) -> &[usize] {
        self.samples.shape()
    }

    /// Number of values in one sample: the product of its shape.
    pub fn features(&self) -> usize {
        self.sample_shape().iter().product()
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Number of samples to compute together in inference: `most`, or fewer where samples are large, so that a batch has 32 MiB of
    /// values in single precision at most. At least 1.
    pub fn at_once(&self, most: usize) -> usize {
        samples_at_once(most, self.sample_shape())
    }

    /// Whether there are no samples; never true for a split that was made.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Kind of the targets.
    pub fn target_kind(&self) -> TargetKind {
        self.targets.kind
    }

    /// Class of each sample, `[samples]`; none where targets are vectors or classes per step.
    pub fn labels(&self) -> Option<&[u16]> {
        (self.target_kind() == TargetKind::Class).then_some(&self.targets.labels)
    }

    /// The smallest and the largest value. All samples are read for it, once: it is kept.
    ///
    /// # Errors
    /// If a sample cannot be read.
    pub fn extremes(&self) -> Result<&Extremes, DataError> {
        match self.extremes.get() {
            Some(extremes) => Ok(extremes),
            None => Ok(self.extremes.get_or_init({
                let found = Extremes::of(&*self.samples)?;
                || found
            })),
        }
    }

    /// Largest class and the index of the first sample that has it; none where targets are vectors.
    pub(crate) fn largest_label(&self) -> Option<(u16, usize)> {
        self.targets.largest
    }

    /// The source of the samples.
    pub fn samples(&self) -> &Arc<dyn Samples> {
        &self.samples
    }

    /// Gathers the samples of these indices, in this order. The batch keeps the indices.
    ///
    /// # Errors
    /// If an index is not below [`len`](Self::len), or a sample cannot be read; the message names it.
    pub fn batch(&self, indices: &[usize]) -> Result<Batch, DataError> {
        self.check(indices)?;
        Ok(self.samples.batch(indices)?.with_indices(indices.to_vec()))
    }

    /// As [`batch`](Self::batch), for training: random [transforms](crate::Transform) are made.
    ///
    /// # Errors
    /// As [`batch`](Self::batch).
    pub fn training_batch(&self, indices: &[usize], draw: Draw) -> Result<Batch, DataError> {
        self.check(indices)?;
        Ok(self.samples.training_batch(indices, draw)?.with_indices(indices.to_vec()))
    }

    fn check(&self, indices: &[usize]) -> Result<(), DataError> {
        let samples = self.len();
        match indices.iter().find(|&&index| index >= samples) {
            Some(&index) => Err(DataError::NoSample { index, samples }),
            None => Ok(()),
        }
    }

    /// The samples of these indices as a split of their own, in this order.
    ///
    /// # Errors
    /// If there is no index, or one is not below [`len`](Self::len).
    pub fn subset(&self, indices: Vec<usize>) -> Result<Self, DataError> {
        Self::new(Subset::new(self.samples.clone(), indices))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_samples_are_computed_few_at_a_time() {
        assert_eq!(samples_at_once(128, &[1, 28, 28]), 128);
        assert_eq!(samples_at_once(128, &[60, 2, 128, 128]), 4);
        assert_eq!(samples_at_once(64, &[3, 4000, 4000]), 1);
        assert_eq!(samples_at_once(64, &[usize::MAX, 2]), 1);
        assert_eq!(samples_at_once(64, &[0]), 64);
    }
}
