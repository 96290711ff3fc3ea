//! The trait that every source of samples implements.

use crate::{Batch, DataError, Draw, Raw, Target, Values};
use std::fmt::Debug;

/// One sample and its target.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Values, row-major, as many as the product of the shape; of a shorter series, those of its `length` steps.
    pub values: Values,
    /// The answer to be learned.
    pub target: Target,
    /// Steps of a series that is shorter than the shape `[T, ..]` says, from 1 to T; none if the sample is whole.
    pub length: Option<usize>,
}

impl Sample {
    /// A whole sample.
    pub fn new(values: impl Into<Values>, target: Target) -> Self {
        Self { values: values.into(), target, length: None }
    }

    /// A series of fewer steps than the longest one of its data set.
    pub fn series(values: impl Into<Values>, length: usize, target: Target) -> Self {
        Self { values: values.into(), target, length: Some(length) }
    }

    /// Refuses another number of values than the shape has.
    pub(crate) fn check(&self, shape: &[usize]) -> Result<(), DataError> {
        let expected = match (self.length, shape) {
            (None, _) => shape.iter().product(),
            (Some(length), [steps, features @ ..]) if (1..=*steps).contains(&length) => {
                length * features.iter().product::<usize>()
            }
            (Some(length), _) => return Err(DataError::SeriesLength { length, shape: shape.to_vec() }),
        };
        if self.values.len() == expected {
            return Ok(());
        }
        Err(DataError::SampleValues { found: self.values.len(), expected, shape: shape.to_vec() })
    }
}

/// A source of samples: whatever knows how many it has and gives sample `i`.
///
/// Three methods make data of one's own a data set; [`Split::new`](crate::Split::new) takes it from there:
///
/// ```
/// use synfire_data::{DataError, Dataset, Sample, Samples, Split, Target};
///
/// /// Sine waves of 50 steps; the class is their frequency.
/// #[derive(Debug)]
/// struct Waves(usize);
///
/// impl Samples for Waves {
///     fn len(&self) -> usize {
///         self.0
///     }
///     fn shape(&self) -> &[usize] {
///         &[50, 1]
///     }
///     fn sample(&self, index: usize) -> Result<Sample, DataError> {
///         let class = index % 3;
///         let wave = (0..50).map(|t| (0.1 * (1 + class) as f32 * t as f32).sin());
///         Ok(Sample::new(wave.collect::<Vec<f32>>(), Target::Class(class as i64)))
///     }
/// }
///
/// let data = Dataset::new("waves", Split::new(Waves(300))?, Split::new(Waves(30))?)?;
/// assert_eq!(data.classes, 3);
/// assert_eq!(data.train.batch(&[7, 2])?.values.len(), 2 * 50);
/// # Ok::<(), DataError>(())
/// ```
///
/// Samples are read by several threads at once and in any order. Reading the same one twice must give the same.
pub trait Samples: Debug + Send + Sync {
    /// Number of samples.
    fn len(&self) -> usize;

    /// Shape of a sample: `[C, H, W]` or `[H, W]` of a picture, `[T, F]` of a series (T: steps of the longest one),
    /// `[F]` of plain features.
    fn shape(&self) -> &[usize];

    /// Reads the sample of this index, from 0.
    ///
    /// # Errors
    /// If it cannot be read, or there is none of this index.
    /// [`DataError::custom`] is for problems that this crate has no words for.
    fn sample(&self, index: usize) -> Result<Sample, DataError>;

    /// Target of the sample of this index. Asked for every sample when a split is made, so it pays to
    /// answer it without reading the sample's values.
    ///
    /// # Errors
    /// As [`sample`](Self::sample).
    fn target(&self, index: usize) -> Result<Target, DataError> {
        Ok(self.sample(index)?.target)
    }

    /// Gathers the samples of these indices, in this order.
    ///
    /// # Errors
    /// As [`sample`](Self::sample), and [`Batch::gather`].
    fn batch(&self, indices: &[usize]) -> Result<Batch, DataError> {
        let read = |&index: &usize| {
            let sample = self.sample(index).and_then(|sample| sample.check(self.shape()).map(|()| sample));
            sample.map_err(|error| error.within(format!("sample {index}")))
        };
        Batch::gather(self.shape(), indices.iter().map(read))
    }

    /// Gathers the samples of these indices as training sees them: changed at random where the data have such
    /// [transforms](crate::Transform). What is drawn follows from `draw` and the index of each sample alone.
    ///
    /// # Errors
    /// As [`batch`](Self::batch).
    fn training_batch(&self, indices: &[usize], draw: Draw) -> Result<Batch, DataError> {
        let _ = draw;
        self.batch(indices)
    }

    /// The sample as its file holds it, where it comes from one: events, sound, a picture.
    ///
    /// # Errors
    /// As [`sample`](Self::sample).
    fn raw(&self, index: usize) -> Result<Option<Raw>, DataError> {
        let _ = index;
        Ok(None)
    }

    /// Name of a sample's file, where it comes from one.
    fn name(&self, index: usize) -> Option<String> {
        let _ = index;
        None
    }

    /// Whether samples are in memory as they are used, so that no thread need read them ahead.
    fn in_memory(&self) -> bool {
        false
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
