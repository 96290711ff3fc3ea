//! A part of the samples of another source.

use crate::{Batch, DataError, Draw, Raw, Sample, Samples, Target};
use std::sync::Arc;

/// The samples of these indices of another source, in this order.
#[derive(Debug)]
pub(super) struct Subset {
    of: Arc<dyn Samples>,
    indices: Vec<usize>,
}

impl Subset {
    pub(super) fn new(of: Arc<dyn Samples>, indices: Vec<usize>) -> Self {
        Self { of, indices }
    }

    fn index(&self, index: usize) -> Result<usize, DataError> {
        self.indices.get(index).copied().ok_or(DataError::NoSample { index, samples: self.indices.len() })
    }
}

impl Samples for Subset {
    fn len(&self) -> usize {
        self.indices.len()
    }

    fn shape(&self) -> &[usize] {
        self.of.shape()
    }

    fn sample(&self, index: usize) -> Result<Sample, DataError> {
        self.of.sample(self.index(index)?)
    }

    fn target(&self, index: usize) -> Result<Target, DataError> {
        self.of.target(self.index(index)?)
    }

    fn batch(&self, indices: &[usize]) -> Result<Batch, DataError> {
        let indices: Vec<usize> = indices.iter().map(|&index| self.index(index)).collect::<Result<_, _>>()?;
        Ok(self.of.batch(&indices)?.with_indices(indices))
    }

    fn training_batch(&self, indices: &[usize], draw: Draw) -> Result<Batch, DataError> {
        let indices: Vec<usize> = indices.iter().map(|&index| self.index(index)).collect::<Result<_, _>>()?;
        Ok(self.of.training_batch(&indices, draw)?.with_indices(indices))
    }

    fn raw(&self, index: usize) -> Result<Option<Raw>, DataError> {
        self.of.raw(self.index(index)?)
    }

    fn in_memory(&self) -> bool {
        self.of.in_memory()
    }

    fn name(&self, index: usize) -> Option<String> {
        self.of.name(self.index(index).ok()?)
    }
}
