//! Inputs and outputs of a graph.

use super::source::shape_array;
use super::{Fields, Source};
use crate::{Array, Group, NirError};

/// An input or output of a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Port {
    /// Shape of what passes, without batch and time (Norse 1.1.0 writes the batch as well).
    pub shape: Vec<usize>,
}

impl Fields for Port {
    const NAMES: &'static [&'static str] = &["shape"];

    fn read(source: Source) -> Result<Self, NirError> {
        Ok(Port { shape: source.shape("shape")? })
    }

    fn write(&self) -> Group {
        Group::default().with("shape", shape_array(&self.shape))
    }

    fn check(&self, node: &str) -> Result<(), NirError> {
        match self.shape.iter().all(|&size| size > 0) {
            true => Ok(()),
            false => Err(NirError::field(node, "shape", format!("is {:?}", self.shape), "axes of at least 1")),
        }
    }

    fn parameters(&self) -> Vec<(&'static str, &Array)> {
        vec![]
    }

    fn input(&self) -> Option<Vec<usize>> {
        Some(self.shape.clone())
    }

    fn output(&self, input: &[usize]) -> Result<Vec<usize>, String> {
        Ok(input.to_vec())
    }
}
