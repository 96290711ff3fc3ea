//! Labelled samples: one half of a data set.

mod images;
mod labels;

pub(crate) use images::Images;
pub(crate) use labels::labels_of;

use crate::{DataError, IdxArray};
use images::Pixels;

/// Most classes a data set may have.
pub const MAX_CLASSES: usize = 1000;

/// Labelled images of one split, kept as compact as they were on disk.
///
/// Bytes stay bytes, so MNIST's training images take 47 MB and not the 188 MB
/// of their `f32` form; they are scaled when a [`Batch`] is put together. All
/// other element types are stored as `f32`.
///
/// ```
/// use synfire_data::{Elements, IdxArray, Split};
///
/// let images = IdxArray::new(vec![2, 1, 2], Elements::U8(vec![0, 255, 51, 0]))?;
/// let labels = IdxArray::new(vec![2], Elements::U8(vec![1, 0]))?;
/// let split = Split::new(images, labels)?;
///
/// assert_eq!(split.sample_shape(), [1, 2]);
/// let batch = split.batch(&[1, 0]);
/// assert_eq!(batch.pixels, [0.2, 0.0, 0.0, 1.0]);
/// assert_eq!(batch.labels, [0, 1]);
/// # Ok::<(), synfire_data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Split {
    images: Images,
    labels: Vec<u16>,
}

/// Samples gathered for one training step.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// `[samples, features]`, row-major; see [`Split::pixels_into`] for the range.
    pub pixels: Vec<f32>,
    /// `[samples]`, each from 0 to the number of classes − 1.
    pub labels: Vec<i64>,
}

impl Split {
    /// Joins images `[samples, …]` and labels `[samples]`.
    ///
    /// # Errors
    /// If the images have fewer than two dimensions, no pixels or values that
    /// are not finite as `f32`; if the labels are not whole numbers from 0 to
    /// [`MAX_CLASSES`] − 1 in one dimension; or if there is not one label per image.
    pub fn new(images: IdxArray, labels: IdxArray) -> Result<Self, DataError> {
        Self::join(Images::new(images)?, labels_of(labels)?)
    }

    pub(crate) fn join(images: Images, labels: Vec<u16>) -> Result<Self, DataError> {
        if images.count != labels.len() {
            return Err(DataError::CountMismatch { images: images.count, labels: labels.len() });
        }
        Ok(Self { images, labels })
    }

    /// The shape of one sample: `[rows, columns]` for MNIST-style images.
    pub fn sample_shape(&self) -> &[usize] {
        &self.images.sample_shape
    }

    /// The number of values in one sample: the product of its shape.
    pub fn features(&self) -> usize {
        self.images.features
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no samples; never true for a split that was made.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The class of every sample.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// Writes one sample, row-major, into `pixels` (`[features]`).
    ///
    /// Bytes become `byte as f32 / 255.0`, so 0 to 1; values of all other
    /// element types are taken as they are.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len) or `pixels` does not have
    /// exactly [`features`](Self::features) elements.
    pub fn pixels_into(&self, index: usize, pixels: &mut [f32]) {
        let features = self.features();
        let range = index * features..(index + 1) * features;
        match &self.images.pixels {
            Pixels::Floats(values) => pixels.copy_from_slice(&values[range]),
            Pixels::Bytes(bytes) => {
                assert_eq!(pixels.len(), features, "the buffer must hold one sample");
                for (pixel, &byte) in pixels.iter_mut().zip(&bytes[range]) {
                    *pixel = f32::from(byte) / 255.0;
                }
            }
        }
    }

    /// Gathers the samples with these indices, in this order.
    ///
    /// # Panics
    /// If an index is not below [`len`](Self::len).
    pub fn batch(&self, indices: &[usize]) -> Batch {
        let features = self.features();
        let mut pixels = vec![0.0; indices.len() * features];
        for (sample, &index) in pixels.chunks_exact_mut(features).zip(indices) {
            self.pixels_into(index, sample);
        }
        let labels = indices.iter().map(|&index| i64::from(self.labels[index])).collect();
        Batch { pixels, labels }
    }
}
