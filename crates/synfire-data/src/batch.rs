//! Batches: samples gathered for one step.

use crate::{DataError, Sample, Targets, Values};

/// Samples gathered for one step of training or inference.
///
/// One that holds all samples becomes a data set in memory by [`Split::from_batch`](crate::Split::from_batch).
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Values of all samples, `[samples, shape..]`, row-major. Series that are shorter than `shape` end in zeros.
    pub values: Values,
    /// Shape of one sample: `[C, H, W]` or `[H, W]` of a picture, `[T, F]` of a series, `[F]` of plain features.
    pub shape: Vec<usize>,
    /// Target of each sample; empty where they are unknown.
    pub targets: Targets,
    /// Steps of each series, from 1 to `shape[0]`; empty if all samples are whole.
    pub lengths: Vec<usize>,
    /// Index of each sample in its data set, in the whole one where it is a part: what is drawn at random for the sample
    /// follows from it. Empty if they are 0, 1, ..
    pub indices: Vec<usize>,
}

impl Batch {
    /// Joins values `[samples, shape..]` with the target of each sample; all samples are whole.
    pub fn new(values: impl Into<Values>, shape: impl Into<Vec<usize>>, targets: impl Into<Targets>) -> Self {
        Self { values: values.into(), shape: shape.into(), targets: targets.into(), lengths: vec![], indices: vec![] }
    }

    /// Samples whose targets are not known: to be classified.
    pub fn without_targets(values: impl Into<Values>, shape: impl Into<Vec<usize>>) -> Self {
        Self::new(values, shape, Targets::Classes(vec![]))
    }

    /// Number of values of one sample: the product of its shape.
    pub fn features(&self) -> usize {
        self.shape.iter().product()
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.values.len() / self.features().max(1)
    }

    /// Whether there are no samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same with indices of the samples, unless it has some: a part of a data set tells those in the whole.
    pub(crate) fn with_indices(self, indices: Vec<usize>) -> Self {
        if self.indices.is_empty() { Batch { indices, ..self } } else { self }
    }

    /// Gathers samples of this shape, in the order in which they come.
    ///
    /// Shorter series are filled up with zeros. Samples of bytes and of floats can stand beside each other.
    ///
    /// # Errors
    /// If a sample could not be read, does not fit the shape, or has another kind of target than the first.
    pub fn gather(
        shape: &[usize],
        samples: impl ExactSizeIterator<Item = Result<Sample, DataError>>,
    ) -> Result<Self, DataError> {
        let count = samples.len();
        let mut batch = Self::without_targets(vec![0u8; 0], shape);
        let mut lengths = Vec::with_capacity(count);
        let features = batch.features();
        for (row, sample) in samples.enumerate() {
            let sample = sample?;
            sample.check(shape)?;
            if row == 0 {
                batch.values = sample.values.with_capacity(count * features);
                batch.targets = Targets::with_capacity(sample.target.kind_in(shape), count);
            }
            batch.values.append(&sample.values, 0, sample.values.len());
            batch.values.pad((row + 1) * features);
            lengths.push(sample.length.unwrap_or(shape.first().copied().unwrap_or(1)));
            batch.targets.push(sample.target)?;
        }
        if lengths.iter().any(|length| Some(length) != shape.first()) {
            batch.lengths = lengths;
        }
        Ok(batch)
    }
}
