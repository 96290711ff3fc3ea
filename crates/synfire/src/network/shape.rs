//! Shape of a sample between two layers.

use core::fmt;
use serde::{Deserialize, Serialize};

/// Shape of a sample without time and batch: `[F]`, `[C, L]` or `[C, H, W]`, channels first as in PyTorch.
///
/// ```
/// use synfire::network::Shape;
///
/// let shape = Shape::from([12, 24, 24]);
/// assert_eq!((shape.size(), shape.channels()), (6912, 12));
/// assert_eq!(shape.to_string(), "[12, 24, 24]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// Shape of a sample as a data set gives it: two axes are a picture of one channel, `[H, W]`.
    #[must_use]
    pub fn of_sample(dims: &[usize]) -> Self {
        match *dims {
            [height, width] => [1, height, width].into(),
            _ => dims.into(),
        }
    }

    /// Length of each axis.
    #[must_use]
    pub fn dims(&self) -> &[usize] {
        &self.0
    }

    /// Values of a sample: the product of all axes, `usize::MAX` where that is too large.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.iter().try_fold(1usize, |product, &n| product.checked_mul(n)).unwrap_or(usize::MAX)
    }

    /// Length of the first axis: channels, or the features of a flat sample.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.0.first().copied().unwrap_or(1)
    }

    /// Values of one channel: the product of all axes but the first.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.0.iter().skip(1).product()
    }

    /// Channels and length of a series, `[C, L]`; `[L]` is one channel, the rows of a picture `[1, H, W]` are `H`.
    ///
    /// # Errors
    ///
    /// The shape, what was expected and the cure.
    pub fn series(&self) -> Result<[usize; 2], String> {
        match self.0[..] {
            [length] => Ok([1, length]),
            [channels, length] | [1, channels, length] => Ok([channels, length]),
            _ => Err(format!(
                "is given samples of shape {self}; expected [channels, length]; use the 2d kind for pictures"
            )),
        }
    }

    /// Channels, height and width of a picture, `[C, H, W]`.
    ///
    /// # Errors
    ///
    /// The shape, what was expected and the cure.
    pub fn picture(&self) -> Result<[usize; 3], String> {
        match self.0[..] {
            [channels, height, width] => Ok([channels, height, width]),
            _ => Err(format!(
                "is given samples of shape {self}; expected [channels, height, width]; put it before layers that flatten, \
                 such as `linear`"
            )),
        }
    }
}

impl From<Vec<usize>> for Shape {
    fn from(dims: Vec<usize>) -> Self {
        Shape(dims)
    }
}

impl From<&[usize]> for Shape {
    fn from(dims: &[usize]) -> Self {
        Shape(dims.to_vec())
    }
}

impl<const D: usize> From<[usize; D]> for Shape {
    fn from(dims: [usize; D]) -> Self {
        Shape(dims.to_vec())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
