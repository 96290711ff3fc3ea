//! Nodes whose parameters are numbers for each element, and the macro that makes them.

use super::{Fields, Source, check_finite};
use crate::{Array, Group, NirError};

/// Declares a node whose parameters are arrays of one shape, that of a sample; a single value holds for all elements.
///
/// `field > 0` is refused where it is not above 0; `field: zeros like other` may be missing in old files, and is 0 then.
macro_rules! elementwise {
    (
        $(#[$doc:meta])*
        $record:ident { $( $(#[$about:meta])* $field:ident $(> $above:literal)? $(: zeros like $like:ident)? ),* $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $record { $( $(#[$about])* pub $field: Array, )* }

        impl Fields for $record {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            fn read(source: Source) -> Result<Self, NirError> {
                $( let $field = elementwise!(@read source, $field $(, $like)?); )*
                Ok($record { $($field),* })
            }

            fn write(&self) -> Group {
                Group::default() $( .with(stringify!($field), self.$field.clone()) )*
            }

            fn check(&self, node: &str) -> Result<(), NirError> {
                check_finite(node, &self.parameters())?;
                $( $(
                    if let Some(value) = self.$field.values().iter().find(|&&value| value <= f64::from($above)) {
                        let expected = format!("above {}", $above);
                        return Err(NirError::field(node, stringify!($field), format!("holds {value}"), expected));
                    }
                )? )*
                common_shape(node, &self.parameters()).map(drop)
            }

            fn parameters(&self) -> Vec<(&'static str, &Array)> {
                vec![ $( (stringify!($field), &self.$field) ),* ]
            }

            fn input(&self) -> Option<Vec<usize>> {
                common_shape("", &self.parameters()).ok().flatten()
            }

            fn output(&self, input: &[usize]) -> Result<Vec<usize>, String> {
                match self.input() {
                    Some(shape) if shape != input => {
                        Err(format!("has parameters of shape {shape:?} and is given the shape {input:?}"))
                    }
                    _ => Ok(input.to_vec()),
                }
            }
        }
    };
    (@read $source:ident, $field:ident) => { $source.array(stringify!($field))? };
    (@read $source:ident, $field:ident, $like:ident) => {
        $source.optional(stringify!($field))?.unwrap_or_else(|| {
            Array::filled($like.shape(), 0.0, $like.element())
        })
    };
}
pub(super) use elementwise;

/// The shape of the parameters; `None` if each is a single value.
pub(super) fn common_shape(node: &str, parameters: &[(&'static str, &Array)]) -> Result<Option<Vec<usize>>, NirError> {
    let mut common: Option<(&str, &[usize])> = None;
    for (field, array) in parameters.iter().filter(|(_, array)| array.len() != 1) {
        match common {
            Some((first, shape)) if shape != array.shape() => {
                let expected = format!("that of `{first}`, {shape:?}, or a single number");
                return Err(NirError::field(node, *field, format!("has the shape {:?}", array.shape()), expected));
            }
            _ => common = Some((field, array.shape())),
        }
    }
    Ok(common.map(|(_, shape)| shape.to_vec()))
}

elementwise! {
    /// `y = scale x`.
    Scale {
        /// Factors.
        scale
    }
}

elementwise! {
    /// `y(t) = x(t - delay)`.
    Delay {
        /// Delays in seconds.
        delay
    }
}

elementwise! {
    /// 1 where `x > threshold`, else 0.
    Threshold {
        /// Thresholds.
        threshold
    }
}
