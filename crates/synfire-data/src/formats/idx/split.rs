//! IDX arrays as samples with classes.

use super::{Elements, IdxArray};
use crate::{Batch, DataError, Split, Targets, Values};

/// Values of all samples, and the shape of one.
pub(in crate::formats) struct Images {
    values: Values,
    shape: Vec<usize>,
    samples: usize,
}

impl Images {
    /// Takes an array `[samples, ..]`.
    pub(in crate::formats) fn new(array: IdxArray) -> Result<Self, DataError> {
        let (shape, elements) = array.into_parts();
        let (samples, shape) = match &shape[..] {
            [samples, sample_shape @ ..] if !sample_shape.is_empty() => (*samples, sample_shape.to_vec()),
            _ => return Err(DataError::ImageShape { shape }),
        };
        let values = match elements {
            Elements::U8(bytes) => Values::Bytes(bytes),
            Elements::I8(values) => Values::Floats(values.into_iter().map(f32::from).collect()),
            Elements::I16(values) => Values::Floats(values.into_iter().map(f32::from).collect()),
            Elements::I32(values) => Values::Floats(values.iter().map(|&value| value as f32).collect()),
            Elements::F32(values) => Values::Floats(values),
            Elements::F64(values) => Values::Floats(values.iter().map(|&value| value as f32).collect()),
        };
        Ok(Self { values, shape, samples })
    }

    /// All images, of which there must be as many as labels.
    pub(in crate::formats) fn without_labels(self, labels: usize) -> Result<Batch, DataError> {
        match self.samples == labels {
            true => Ok(Batch::without_targets(self.values, self.shape)),
            false => Err(DataError::CountMismatch { images: self.samples, labels }),
        }
    }
}

/// Takes a list of labels of any integer type.
pub(in crate::formats) fn labels(array: IdxArray) -> Result<Vec<i64>, DataError> {
    let (shape, elements) = array.into_parts();
    match elements {
        Elements::U8(labels) if shape.len() == 1 => Ok(labels.into_iter().map(i64::from).collect()),
        Elements::I8(labels) if shape.len() == 1 => Ok(labels.into_iter().map(i64::from).collect()),
        Elements::I16(labels) if shape.len() == 1 => Ok(labels.into_iter().map(i64::from).collect()),
        Elements::I32(labels) if shape.len() == 1 => Ok(labels.into_iter().map(i64::from).collect()),
        other => Err(DataError::LabelShape { shape, element: other.type_name() }),
    }
}

impl Split {
    /// Joins images `[samples, ..]` and labels `[samples]` of IDX files.
    ///
    /// Bytes stay bytes, which stand for 0 to 1; all other element types become `f32` and are taken as they are.
    ///
    /// # Errors
    /// If the images have fewer than two dimensions, no pixels or values that are not finite as `f32`; if the labels
    /// are not integers from 0 to [`MAX_CLASSES`](crate::MAX_CLASSES) − 1 in one dimension; or if there is not one
    /// label per image.
    ///
    /// ```
    /// use synfire_data::{Elements, IdxArray, Split};
    ///
    /// let images = IdxArray::new(vec![2, 1, 2], Elements::U8(vec![0, 255, 51, 0]))?;
    /// let labels = IdxArray::new(vec![2], Elements::U8(vec![1, 0]))?;
    /// let split = Split::from_idx(images, labels)?;
    ///
    /// assert_eq!(split.sample_shape(), [1, 2]);
    /// let batch = split.batch(&[1, 0])?;
    /// assert_eq!(*batch.values.to_floats(), [0.2, 0.0, 0.0, 1.0]);
    /// assert_eq!(batch.targets.classes()?, [0, 1]);
    /// # Ok::<(), synfire_data::DataError>(())
    /// ```
    pub fn from_idx(images: IdxArray, labels: IdxArray) -> Result<Self, DataError> {
        let labels = self::labels(labels)?;
        let images = Images::new(images)?.without_labels(labels.len())?;
        Self::from_batch(Batch { targets: Targets::Classes(labels), ..images })
    }
}
