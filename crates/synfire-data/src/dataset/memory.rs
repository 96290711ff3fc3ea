//! Data sets of one array, a part of which becomes the test split.

use super::Holdout;
use crate::{DataError, Dataset, Split, Targets, Values};

/// Part of the samples that becomes the test split where no other is given.
const TEST_FRACTION: f64 = 0.2;

impl Dataset {
    /// Makes a data set of one split: a fifth of the samples of each class, drawn at random but always alike, becomes
    /// the test split; at least one of a class that has several. Where a test split exists, join both by [`Dataset::new`].
    ///
    /// # Errors
    /// If no class has two samples, or as [`Dataset::new`].
    pub fn from_split(name: impl Into<String>, all: Split) -> Result<Self, DataError> {
        let Holdout { train, validation: test } = Holdout::for_testing(&all, TEST_FRACTION)?;
        Self::new(name, all.subset(train)?, all.subset(test)?)
    }

    /// Makes a data set of pictures `[samples, H, W]` or `[samples, C, H, W]` in memory, see [`Split::from_images`];
    /// a fifth of them becomes the test split, see [`from_split`](Self::from_split).
    ///
    /// # Errors
    /// As these two.
    ///
    /// ```
    /// use synfire_data::Dataset;
    ///
    /// let (pixels, labels): (Vec<u8>, Vec<u8>) = (vec![0; 100 * 3 * 8 * 8], (0..100).map(|i| i % 4).collect());
    /// let data = Dataset::from_images(pixels, [3, 8, 8], labels)?;
    /// assert_eq!((data.train.len(), data.test.len(), data.classes), (80, 20, 4));
    /// # Ok::<(), synfire_data::DataError>(())
    /// ```
    pub fn from_images(
        values: impl Into<Values>,
        shape: impl Into<Vec<usize>>,
        targets: impl Into<Targets>,
    ) -> Result<Self, DataError> {
        Self::from_split("images", Split::from_images(values, shape, targets)?)
    }

    /// Makes a data set of lists of features `[samples, features]` in memory, see [`Split::from_features`];
    /// a fifth of them becomes the test split, see [`from_split`](Self::from_split).
    ///
    /// # Errors
    /// As these two.
    ///
    /// ```
    /// use synfire_data::{Dataset, Targets};
    ///
    /// // Regression: from two measured values to their sum.
    /// let inputs: Vec<f32> = (0..200).map(|i| (i * 37 % 100) as f32 / 100.0).collect();
    /// let sums = inputs.chunks(2).map(|pair| pair[0] + pair[1]).collect();
    /// let data = Dataset::from_features(inputs, 2, Targets::Vectors { values: sums, len: 1 })?;
    /// assert_eq!((data.classes, data.outputs()), (0, 1));
    /// # Ok::<(), synfire_data::DataError>(())
    /// ```
    pub fn from_features(
        values: impl Into<Values>,
        features: usize,
        targets: impl Into<Targets>,
    ) -> Result<Self, DataError> {
        Self::from_split("features", Split::from_features(values, features, targets)?)
    }

    /// Makes a data set of series `[samples, T, F]` in memory, see [`Split::from_series`];
    /// a fifth of them becomes the test split, see [`from_split`](Self::from_split).
    ///
    /// # Errors
    /// As these two.
    pub fn from_series(
        values: impl Into<Values>,
        shape: [usize; 2],
        lengths: impl Into<Vec<usize>>,
        targets: impl Into<Targets>,
    ) -> Result<Self, DataError> {
        Self::from_split("series", Split::from_series(values, shape, lengths, targets)?)
    }
}
