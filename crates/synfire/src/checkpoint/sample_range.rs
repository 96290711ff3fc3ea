//! The values of the samples that a model learned from.

use serde::{Deserialize, Serialize};
use synfire_data::Values;

/// Range of the values of the samples that a model learned from, by which a picture is read as they were.
///
/// ```
/// use synfire::checkpoint::SampleRange;
/// use synfire_data::Values;
///
/// // pixels that were normalised to mean 0 and variance 1 before the training
/// let trained = SampleRange { low: -0.4, high: 2.8, bytes: false };
/// let Values::Floats(pixels) = trained.read(vec![0, 255]) else { panic!() };
/// assert!((pixels[0] + 0.4).abs() < 1e-6 && (pixels[1] - 2.8).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleRange {
    /// Smallest value.
    pub low: f32,
    /// Largest value.
    pub high: f32,
    /// Whether the samples were bytes, which are read as `byte / 255`.
    pub bytes: bool,
}

impl SampleRange {
    /// Range of values from `low` to `high`, if both are finite and differ.
    pub(crate) fn of([low, high]: [f32; 2], bytes: bool) -> Option<Self> {
        (low.is_finite() && high.is_finite() && low < high).then_some(SampleRange { low, high, bytes })
    }

    /// Whether the samples were bytes of 0 and 1, which are read as 0 and 1/255.
    #[must_use]
    pub fn is_dark(&self) -> bool {
        self.bytes && self.high <= 1.0 / 255.0
    }

    /// Whether a picture's bytes are what the model learned from.
    #[must_use]
    pub fn takes_bytes(&self) -> bool {
        self.bytes && !self.is_dark()
    }

    /// A picture's bytes as the samples were: black as the smallest value, white as the largest.
    #[must_use]
    pub fn read(&self, pixels: Vec<u8>) -> Values {
        if self.takes_bytes() {
            return Values::Bytes(pixels);
        }
        let scale = (self.high - self.low) / 255.0;
        Values::Floats(pixels.into_iter().map(|pixel| self.low + f32::from(pixel) * scale).collect())
    }
}
