//! Targets: what a network should answer, for one sample or for several.

use crate::DataError;
use std::fmt;

/// Target of one sample.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A class, from 0.
    Class(i64),
    /// A vector of real values: regression.
    Vector(Vec<f32>),
    /// A class for each step of a series, from 0.
    ClassPerStep(Vec<i64>),
}

/// Targets of several samples.
///
/// Lists of integers become classes by `into()`:
///
/// ```
/// use synfire_data::{Target, Targets};
///
/// let targets = Targets::from([3u8, 1, 4]);
/// assert_eq!(targets, Targets::Classes(vec![3, 1, 4]));
/// let targets = Targets::Vectors { values: vec![0.5, 1.0, 0.0, -1.0], len: 2 };
/// assert_eq!(targets.get(1), Some(Target::Vector(vec![0.0, -1.0])));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// A class of each sample, from 0, `[samples]`.
    Classes(Vec<i64>),
    /// A vector of real values for each sample: regression.
    Vectors {
        /// All vectors, `[samples, len]`.
        values: Vec<f32>,
        /// Length of one vector.
        len: usize,
    },
    /// A class for each step of each series, from 0.
    ClassPerStep {
        /// All classes, `[samples, steps]`. Those after the end of a shorter series are 0 and mean nothing.
        classes: Vec<i64>,
        /// Steps of one series.
        steps: usize,
    },
}

/// Kind of the targets of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// One class for each sample.
    Class,
    /// A vector of real values for each sample.
    Vector {
        /// Length of the vector.
        len: usize,
    },
    /// A class for each step of each series.
    ClassPerStep {
        /// Steps of a series.
        steps: usize,
    },
}

impl Targets {
    /// Number of samples.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes(classes) => classes.len(),
            Self::Vectors { values, len } => values.len() / (*len).max(1),
            Self::ClassPerStep { classes, steps } => classes.len() / (*steps).max(1),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Kind of the targets.
    pub fn kind(&self) -> TargetKind {
        match self {
            Self::Classes(_) => TargetKind::Class,
            Self::Vectors { len, .. } => TargetKind::Vector { len: *len },
            Self::ClassPerStep { steps, .. } => TargetKind::ClassPerStep { steps: *steps },
        }
    }

    /// Target of one sample, if there is a sample of this index.
    pub fn get(&self, index: usize) -> Option<Target> {
        fn row<T: Clone>(values: &[T], index: usize, len: usize) -> Option<Vec<T>> {
            let start = index.checked_mul(len)?;
            Some(values.get(start..start.checked_add(len)?)?.to_vec())
        }
        match self {
            Self::Classes(classes) => classes.get(index).map(|&class| Target::Class(class)),
            Self::Vectors { values, len } => row(values, index, *len).map(Target::Vector),
            Self::ClassPerStep { classes, steps } => row(classes, index, *steps).map(Target::ClassPerStep),
        }
    }

    /// Class of each sample.
    ///
    /// # Errors
    /// If the targets are vectors or classes per step.
    pub fn classes(&self) -> Result<&[i64], DataError> {
        match self {
            Self::Classes(classes) => Ok(classes),
            other => Err(DataError::TargetKind { expected: TargetKind::Class, found: other.kind() }),
        }
    }

    /// No targets yet, of this kind, with room for `samples`.
    pub(crate) fn with_capacity(kind: TargetKind, samples: usize) -> Self {
        match kind {
            TargetKind::Class => Self::Classes(Vec::with_capacity(samples)),
            TargetKind::Vector { len } => Self::Vectors { values: Vec::with_capacity(samples * len), len },
            TargetKind::ClassPerStep { steps } => {
                Self::ClassPerStep { classes: Vec::with_capacity(samples * steps), steps }
            }
        }
    }

    /// Appends the target of one more sample, of the same kind.
    pub(crate) fn push(&mut self, target: Target) -> Result<(), DataError> {
        match (self, target) {
            (Self::Classes(all), Target::Class(class)) => all.push(class),
            (Self::Vectors { values, len }, Target::Vector(vector)) if vector.len() == *len => values.extend(vector),
            (Self::ClassPerStep { classes, steps }, Target::ClassPerStep(mut series)) if series.len() <= *steps => {
                series.resize(*steps, 0);
                classes.extend(series);
            }
            (all, target) => return Err(DataError::TargetKind { expected: all.kind(), found: target.kind() }),
        }
        Ok(())
    }
}

impl Target {
    /// Kind of the target.
    pub fn kind(&self) -> TargetKind {
        match self {
            Self::Class(_) => TargetKind::Class,
            Self::Vector(values) => TargetKind::Vector { len: values.len() },
            Self::ClassPerStep(classes) => TargetKind::ClassPerStep { steps: classes.len() },
        }
    }

    /// Kind of the targets of a data set of this shape that has this one: the longest series counts the steps.
    pub(crate) fn kind_in(&self, shape: &[usize]) -> TargetKind {
        match (self, shape) {
            (Self::ClassPerStep(_), &[steps, ..]) => TargetKind::ClassPerStep { steps },
            _ => self.kind(),
        }
    }
}

impl TargetKind {
    /// Whether the targets of this kind may have this one among them; shorter series have fewer steps.
    pub(crate) fn admits(self, target: &Target) -> bool {
        match (self, target.kind()) {
            (Self::ClassPerStep { steps: most }, Self::ClassPerStep { steps }) => steps <= most,
            (expected, found) => expected == found,
        }
    }
}

impl fmt::Display for TargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class => f.write_str("one class for each sample"),
            Self::Vector { len } => write!(f, "a vector of {len} values for each sample"),
            Self::ClassPerStep { steps } => write!(f, "a class for each of {steps} steps"),
        }
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<Vec<$integer>> for Targets {
            fn from(classes: Vec<$integer>) -> Self {
                classes.as_slice().into()
            }
        }
        impl From<&[$integer]> for Targets {
            fn from(classes: &[$integer]) -> Self {
                // No class is as large: what does not fit is refused where classes are checked.
                Self::Classes(classes.iter().map(|&class| i64::try_from(class).unwrap_or(i64::MAX)).collect())
            }
        }
        impl<const N: usize> From<[$integer; N]> for Targets {
            fn from(classes: [$integer; N]) -> Self {
                classes.as_slice().into()
            }
        }
    )*};
}

from_integers!(u8, i8, u16, i16, u32, i32, u64, i64, usize);
