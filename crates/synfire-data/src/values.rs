//! Values of samples: bytes stay bytes until an encoder needs floats.

use std::borrow::Cow;

/// Values of one or several samples, row-major, in the type in which they are stored.
///
/// ```
/// use synfire_data::Values;
///
/// let pixels = Values::from(vec![0u8, 51, 255]);
/// assert_eq!(*pixels.to_floats(), [0.0, 0.2, 1.0]);
/// assert_eq!(pixels.range(), [0.0, 1.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Pixels; a byte `b` stands for the value `b as f32 / 255.0`, from 0 to 1.
    Bytes(Vec<u8>),
    /// Values of any range and unit, taken as they are.
    Floats(Vec<f32>),
}

impl Values {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Floats(floats) => floats.len(),
        }
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values as floats; nothing is copied where they are floats already.
    pub fn to_floats(&self) -> Cow<'_, [f32]> {
        match self {
            Self::Bytes(bytes) => Cow::Owned(bytes.iter().map(|&byte| float(byte)).collect()),
            Self::Floats(floats) => Cow::Borrowed(floats),
        }
    }

    /// The values as floats; nothing is copied where they are floats already.
    pub fn into_floats(self) -> Vec<f32> {
        match self {
            Self::Bytes(bytes) => bytes.into_iter().map(float).collect(),
            Self::Floats(floats) => floats,
        }
    }

    /// Smallest and largest value, `[min, max]` as floats.
    ///
    /// Both are NaN if any value is. Without any value they are `[inf, -inf]`, which lies within every range.
    pub fn range(&self) -> [f32; 2] {
        match self {
            Self::Bytes(bytes) if bytes.is_empty() => [f32::INFINITY, f32::NEG_INFINITY],
            Self::Bytes(bytes) => {
                // by value, not by reference: the compiler makes SIMD of it
                let (low, high) =
                    bytes.iter().fold((u8::MAX, u8::MIN), |(low, high), &byte| (low.min(byte), high.max(byte)));
                [float(low), float(high)]
            }
            Self::Floats(floats) if floats.iter().any(|value| value.is_nan()) => [f32::NAN; 2],
            Self::Floats(floats) => floats
                .iter()
                .fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], &value| [low.min(value), high.max(value)]),
        }
    }

    /// Appends the values `from..to` of `other`. Bytes that are joined with floats become floats.
    pub(crate) fn append(&mut self, other: &Self, from: usize, to: usize) {
        match (&mut *self, other) {
            (Self::Bytes(all), Self::Bytes(more)) => all.extend_from_slice(&more[from..to]),
            (Self::Floats(all), Self::Floats(more)) => all.extend_from_slice(&more[from..to]),
            (Self::Floats(all), Self::Bytes(more)) => all.extend(more[from..to].iter().map(|&byte| float(byte))),
            (Self::Bytes(_), Self::Floats(_)) => {
                let bytes = std::mem::replace(self, Self::Floats(vec![]));
                *self = Self::Floats(bytes.into_floats());
                self.append(other, from, to);
            }
        }
    }

    /// Appends zeros up to this number of values.
    pub(crate) fn pad(&mut self, len: usize) {
        match self {
            Self::Bytes(bytes) => bytes.resize(len, 0),
            Self::Floats(floats) => floats.resize(len, 0.0),
        }
    }

    /// No values yet, of the type of these, with room for `capacity`.
    pub(crate) fn with_capacity(&self, capacity: usize) -> Self {
        match self {
            Self::Bytes(_) => Self::Bytes(Vec::with_capacity(capacity)),
            Self::Floats(_) => Self::Floats(Vec::with_capacity(capacity)),
        }
    }
}

fn float(byte: u8) -> f32 {
    f32::from(byte) / 255.0
}

macro_rules! from_lists {
    ($($element:ty => $variant:ident),*) => {$(
        impl From<Vec<$element>> for Values {
            fn from(values: Vec<$element>) -> Self {
                Self::$variant(values)
            }
        }
        impl From<&[$element]> for Values {
            fn from(values: &[$element]) -> Self {
                Self::$variant(values.to_vec())
            }
        }
        impl<const N: usize> From<[$element; N]> for Values {
            fn from(values: [$element; N]) -> Self {
                Self::$variant(values.to_vec())
            }
        }
    )*};
}

from_lists!(u8 => Bytes, f32 => Floats);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_scaled_exactly() {
        let bytes = Values::Bytes((0..=255).collect());
        let floats: Vec<f32> = (0..=255u8).map(|byte| byte as f32 / 255.0).collect();
        assert_eq!(*bytes.to_floats(), floats);
        assert_eq!(bytes.into_floats(), floats);
    }

    #[test]
    fn the_range_is_that_of_the_floats() {
        assert_eq!(Values::from([7u8, 3, 200]).range(), [3.0 / 255.0, 200.0 / 255.0]);
        assert_eq!(Values::from([-1.5f32, f32::INFINITY, 0.0]).range(), [-1.5, f32::INFINITY]);
        assert_eq!(Values::from([0u8; 0]).range(), [f32::INFINITY, f32::NEG_INFINITY]);
        for values in [[f32::NAN, 1.0], [1.0, f32::NAN]] {
            assert!(Values::from(values).range().iter().all(|bound| bound.is_nan()));
        }
    }

    #[test]
    fn bytes_joined_with_floats_become_floats() {
        let mut values = Values::from([255u8, 0]);
        values.append(&Values::from([7.0f32, -2.0, 7.0]), 1, 2);
        values.append(&Values::from([0u8, 51]), 0, 2);
        values.pad(6);
        assert_eq!(values, Values::Floats(vec![1.0, 0.0, -2.0, 0.0, 0.2, 0.0]));
    }
}
