//! Fields of a node, read one by one.

use crate::{Array, Group, NirError, Value};

/// The group of a node in a file, and the path to name in messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) node: &'a str,
    pub(crate) group: &'a Group,
}

/// Largest kernel, stride, padding, dilation and axis.
const LARGEST: f64 = (1u64 << 31) as f64;

impl<'a> Source<'a> {
    pub(crate) fn error(self, field: &str, found: impl Into<String>, expected: impl Into<String>) -> NirError {
        NirError::field(self.node, field, found, expected)
    }

    fn missing(self, field: &str, expected: &str) -> NirError {
        let known: Vec<&str> = self.group.values.keys().map(String::as_str).collect();
        self.error(
            field,
            format!("is missing (there are {})", known.join(", ")),
            format!("{expected}; export the network again"),
        )
    }

    /// The field, if it is there.
    pub(crate) fn value(self, field: &str) -> Option<&'a Value> {
        self.group.values.get(field)
    }

    /// Refuses fields that the node does not have: they could change its meaning.
    pub(crate) fn only(self, fields: &[&str]) -> Result<(), NirError> {
        let known = |name: &&String| name.as_str() != "type" && !fields.contains(&name.as_str());
        let groups = self.group.groups.keys().filter(|name| name.as_str() != "metadata");
        match self.group.values.keys().chain(groups).find(known) {
            None => Ok(()),
            Some(name) => Err(self.error(
                name,
                "is not known to this type of node",
                format!("{}, or the same value under `metadata`", fields.join(", ")),
            )),
        }
    }

    /// One text.
    pub(crate) fn text(self, field: &str, expected: &str) -> Result<&'a str, NirError> {
        match self.value(field) {
            Some(Value::Text(text)) => Ok(text),
            Some(other) => Err(self.error(field, format!("is {}", other.describe()), expected)),
            None => Err(self.missing(field, expected)),
        }
    }

    /// Numbers, if they are there.
    pub(crate) fn optional(self, field: &str) -> Result<Option<Array>, NirError> {
        match self.value(field) {
            Some(Value::Numbers(array)) => Ok(Some(array.clone())),
            Some(other) => Err(self.error(field, format!("is {}", other.describe()), "numbers")),
            None => Ok(None),
        }
    }

    /// Numbers.
    pub(crate) fn array(self, field: &str) -> Result<Array, NirError> {
        self.optional(field)?.ok_or_else(|| self.missing(field, "numbers"))
    }

    /// Integers of any number, each from `least` on.
    pub(crate) fn integers(self, field: &str, least: i64) -> Result<Vec<i64>, NirError> {
        let array = self.array(field)?;
        let fits = |value: &f64| value.fract() == 0.0 && *value >= least as f64 && *value <= LARGEST;
        match array.shape().len() <= 1 && array.values().iter().all(fits) {
            true => Ok(array.values().iter().map(|&value| value as i64).collect()),
            false => {
                let found = format!("is {}", Value::Numbers(array).describe());
                Err(self.error(field, found, format!("integers from {least} to {LARGEST}")))
            }
        }
    }

    /// One integer.
    pub(crate) fn integer(self, field: &str, least: i64) -> Result<i64, NirError> {
        match self.integers(field, least)?[..] {
            [value] => Ok(value),
            ref values => Err(self.error(field, format!("has {} numbers", values.len()), "one integer")),
        }
    }

    /// Lengths of axes, at least 1 each.
    pub(crate) fn shape(self, field: &str) -> Result<Vec<usize>, NirError> {
        Ok(self.integers(field, 1)?.into_iter().map(|size| size as usize).collect())
    }

    /// A size along each axis; a single number is the same along all of them.
    pub(crate) fn sizes<const AXES: usize>(self, field: &str, least: i64) -> Result<[usize; AXES], NirError> {
        let sizes: Vec<usize> = self.integers(field, least)?.into_iter().map(|size| size as usize).collect();
        match sizes[..] {
            [size] => Ok([size; AXES]),
            _ => {
                let found = format!("has {} numbers", sizes.len());
                sizes.try_into().map_err(|_| self.error(field, found, format!("one integer, or {AXES}")))
            }
        }
    }
}

/// Sizes along axes as files have them: an array, or a single number for one axis.
pub(crate) fn per_axis<const AXES: usize>(sizes: [usize; AXES]) -> Array {
    match sizes[..] {
        [size] => Array::integer(size as i64),
        _ => shape_array(&sizes),
    }
}

/// A shape as files have it.
pub(crate) fn shape_array(shape: &[usize]) -> Array {
    Array::integers(&shape.iter().map(|&size| size as i64).collect::<Vec<_>>())
}
