//! Several axes of a sample as one.

use super::source::shape_array;
use super::{Fields, Source};
use crate::{Array, Group, NirError};

/// Axes `start_dim` to `end_dim` as one axis. Axes are counted from 0 without batch and time, from the end where negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flatten {
    /// First axis.
    pub start_dim: i64,
    /// Last axis.
    pub end_dim: i64,
    /// Shape of the input, where the file tells it.
    pub input_type: Option<Vec<usize>>,
}

impl Fields for Flatten {
    const NAMES: &'static [&'static str] = &["start_dim", "end_dim", "input_type"];

    fn read(source: Source) -> Result<Self, NirError> {
        let input_type = source.value("input_type").map(|_| source.shape("input_type")).transpose()?;
        Ok(Flatten {
            start_dim: source.integer("start_dim", -64)?,
            end_dim: source.integer("end_dim", -64)?,
            input_type,
        })
    }

    fn write(&self) -> Group {
        let group = Group::default()
            .with("start_dim", Array::integer(self.start_dim))
            .with("end_dim", Array::integer(self.end_dim));
        match &self.input_type {
            Some(shape) => group.with("input_type", shape_array(shape)),
            None => group,
        }
    }

    fn check(&self, node: &str) -> Result<(), NirError> {
        let Some(shape) = &self.input_type else { return Ok(()) };
        let flat = self.output(shape);
        flat.map(drop).map_err(|problem| NirError::field(node, "start_dim", problem, "axes of `input_type`"))
    }

    fn parameters(&self) -> Vec<(&'static str, &Array)> {
        vec![]
    }

    fn input(&self) -> Option<Vec<usize>> {
        self.input_type.clone()
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, String> {
        let axes = input.len() as i64;
        let axis = |axis: i64| usize::try_from(if axis < 0 { axis.saturating_add(axes) } else { axis }).ok();
        match (axis(self.start_dim), axis(self.end_dim)) {
            (Some(start), Some(end)) if start <= end && end < input.len() => {
                let flat = input[start..=end].iter().fold(1usize, |product, &size| product.saturating_mul(size));
                Ok([&input[..start], &[flat], &input[end + 1..]].concat())
            }
            _ => Err(format!("flattens the axes {} to {} of the shape {input:?}", self.start_dim, self.end_dim)),
        }
    }
}
