//! Samples in memory: arrays of bytes or floats.

use crate::{Batch, DataError, Sample, Samples, Split, Target, TargetKind, Targets, Values};

/// One batch with all samples, whose parts fit together.
#[derive(Debug)]
struct Arrays(Batch);

impl Samples for Arrays {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    fn sample(&self, index: usize) -> Result<Sample, DataError> {
        let whole = self.batch(&[index])?.values;
        let target = self.target(index)?;
        let Some(&length) = self.0.lengths.get(index) else { return Ok(Sample::new(whole, target)) };
        let mut values = whole.with_capacity(0);
        values.append(&whole, 0, length * self.0.shape[1..].iter().product::<usize>());
        let target = match target {
            Target::ClassPerStep(classes) => Target::ClassPerStep(classes.into_iter().take(length).collect()),
            other => other,
        };
        Ok(Sample::series(values, length, target))
    }

    fn target(&self, index: usize) -> Result<Target, DataError> {
        self.0.targets.get(index).ok_or(DataError::NoSample { index, samples: self.len() })
    }

    fn in_memory(&self) -> bool {
        true
    }

    fn batch(&self, indices: &[usize]) -> Result<Batch, DataError> {
        let Batch { values: all, shape, targets: all_targets, lengths, .. } = &self.0;
        let features = self.0.features();
        let mut values = all.with_capacity(indices.len() * features);
        let mut targets = Targets::with_capacity(all_targets.kind(), indices.len());
        for &index in indices {
            targets.push(self.target(index)?)?;
            values.append(all, index * features, (index + 1) * features);
        }
        let mut lengths: Vec<usize> = indices.iter().filter_map(|&index| lengths.get(index).copied()).collect();
        if lengths.iter().all(|length| *length == shape[0]) {
            lengths.clear();
        }
        Ok(Batch { values, shape: shape.clone(), targets, lengths, indices: vec![] })
    }
}

impl Split {
    /// Pictures in memory.
    ///
    /// # Shapes
    /// - `values`: `[samples, H, W]` (grey) or `[samples, C, H, W]`, row-major: bytes, which stand for 0 to 1, or
    ///   floats, which are taken as they are
    /// - `shape`: `[H, W]` or `[C, H, W]`
    /// - `targets`: a list of `[samples]` classes from 0, or [`Targets`]
    ///
    /// # Errors
    /// If the parts do not fit together, there is no sample, or a value is not finite.
    ///
    /// ```
    /// use synfire_data::Split;
    ///
    /// let split = Split::from_images([0u8, 255, 51, 0], [1, 2], [1, 0])?;
    /// let batch = split.batch(&[1, 0])?;
    /// assert_eq!(*batch.values.to_floats(), [0.2, 0.0, 0.0, 1.0]);
    /// assert_eq!(batch.targets.classes()?, [0, 1]);
    /// # Ok::<(), synfire_data::DataError>(())
    /// ```
    pub fn from_images(
        values: impl Into<Values>,
        shape: impl Into<Vec<usize>>,
        targets: impl Into<Targets>,
    ) -> Result<Self, DataError> {
        let shape = shape.into();
        match shape.len() {
            2 | 3 => Self::from_batch(Batch::new(values, shape, targets)),
            _ => Err(DataError::PictureShape { shape }),
        }
    }

    /// Samples that are plain lists of features: sensors, measurements, pixels without neighbourhood.
    ///
    /// `values` has the shape `[samples, features]`.
    ///
    /// # Errors
    /// As [`from_images`](Self::from_images).
    pub fn from_features(
        values: impl Into<Values>,
        features: usize,
        targets: impl Into<Targets>,
    ) -> Result<Self, DataError> {
        Self::from_batch(Batch::new(values, [features], targets))
    }

    /// Series over time, some of which may be shorter than others.
    ///
    /// # Shapes
    /// - `values`: `[samples, T, F]`, row-major, T being the steps of the longest series. What stands behind the end
    ///   of a shorter one is replaced by zeros
    /// - `shape`: `[T, F]`
    /// - `lengths`: steps of each series, `[samples]`; empty if all are T
    ///
    /// # Errors
    /// As [`from_images`](Self::from_images), and if a length is not from 1 to T.
    ///
    /// ```
    /// use synfire_data::Split;
    ///
    /// // Two series of at most 3 steps of one value; the second ends after two.
    /// let split = Split::from_series([1.0, 2.0, 3.0, 4.0, 5.0, 0.0], [3, 1], [3, 2], [0, 1])?;
    /// assert_eq!(split.batch(&[1])?.lengths, [2]);
    /// # Ok::<(), synfire_data::DataError>(())
    /// ```
    pub fn from_series(
        values: impl Into<Values>,
        shape: [usize; 2],
        lengths: impl Into<Vec<usize>>,
        targets: impl Into<Targets>,
    ) -> Result<Self, DataError> {
        Self::from_batch(Batch { lengths: lengths.into(), ..Batch::new(values, shape, targets) })
    }

    /// Samples in memory, of any shape: one batch of all. Bytes stay bytes, so MNIST's training images take 47 MB and
    /// not the 188 MB of their `f32` form.
    ///
    /// # Errors
    /// As [`from_series`](Self::from_series).
    pub fn from_batch(batch: Batch) -> Result<Self, DataError> {
        batch.check()?;
        Self::new(Arrays(batch.with_clear_ends()))
    }
}

impl Batch {
    /// Refuses a batch that is no data set: parts that do not fit together, values that are not finite.
    fn check(&self) -> Result<(), DataError> {
        let (features, samples) = (self.features(), self.len());
        let shape = || self.shape.clone();
        if samples == 0 || features == 0 {
            return Err(DataError::EmptySplit { samples, shape: shape() });
        }
        if self.values.len() != samples * features {
            return Err(DataError::ArrayShape { values: self.values.len(), shape: shape() });
        }
        if let TargetKind::ClassPerStep { steps } = self.targets.kind()
            && steps != self.shape[0]
        {
            return Err(DataError::TargetSteps { steps, shape: shape() });
        }
        if self.targets.len() != samples {
            return Err(DataError::TargetCount { samples, targets: self.targets.len() });
        }
        if !self.lengths.is_empty() && self.lengths.len() != samples {
            return Err(DataError::LengthCount { samples, lengths: self.lengths.len() });
        }
        if let Some(&length) = self.lengths.iter().find(|length| !(1..=self.shape[0]).contains(length)) {
            return Err(DataError::SeriesLength { length, shape: shape() });
        }
        if let Values::Floats(values) = &self.values
            && let Some(at) = values.iter().position(|value| !value.is_finite())
        {
            return Err(DataError::NotFinite { sample: at / features, element: at % features, value: values[at] });
        }
        Ok(())
    }

    /// Puts zeros behind the end of each series.
    fn with_clear_ends(mut self) -> Self {
        fn clear<T: Default + Clone>(values: &mut [T], lengths: &[usize], most: usize) {
            let size = values.len() / (lengths.len() * most).max(1);
            for (series, length) in values.chunks_exact_mut(size * most).zip(lengths) {
                series[length * size..].fill(T::default());
            }
        }
        let Self { values, shape, targets, lengths, .. } = &mut self;
        if lengths.is_empty() {
            return self;
        }
        match values {
            Values::Bytes(bytes) => clear(bytes, lengths, shape[0]),
            Values::Floats(floats) => clear(floats, lengths, shape[0]),
        }
        if let Targets::ClassPerStep { classes, steps } = targets {
            clear(classes, lengths, *steps);
        }
        self
    }
}
