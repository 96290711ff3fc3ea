//! Samples in memory that are decoded or changed when they are asked for: arrays, recordings.

use crate::raw::{Raw, RawSamples};
use crate::{Batch, DataError};

/// The samples of a batch, each as it lies in the array.
#[derive(Debug)]
pub(crate) struct InMemory(pub(crate) Batch);

impl RawSamples for InMemory {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        if index >= self.0.len() {
            return Err(DataError::NoSample { index, samples: self.0.len() });
        }
        let mut shape = self.0.shape.clone();
        let features = self.0.features();
        if let (Some(&length), Some(steps)) = (self.0.lengths.get(index), shape.first_mut()) {
            *steps = length.min(*steps);
        }
        let mut values = self.0.values.with_capacity(features);
        let begin = index * features;
        values.append(&self.0.values, begin, begin + shape.iter().product::<usize>());
        Ok(Raw::Values { values, shape })
    }

    fn varies(&self) -> bool {
        !self.0.lengths.is_empty()
    }

    fn name(&self, index: usize) -> String {
        format!("sample {index}")
    }

    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
        match self.read(index)? {
            Raw::Values { values, .. } => Ok(values.to_floats().iter().flat_map(|value| value.to_le_bytes()).collect()),
            _ => Ok(vec![]),
        }
    }
}

/// Recordings, sound or pictures.
#[derive(Debug)]
pub(crate) struct Recordings(pub(crate) Vec<Raw>);

impl RawSamples for Recordings {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        self.0.get(index).cloned().ok_or(DataError::NoSample { index, samples: self.0.len() })
    }

    fn varies(&self) -> bool {
        true
    }

    fn name(&self, index: usize) -> String {
        format!("sample {index}")
    }

    /// Nothing is decoded that a cache could keep.
    fn stamp(&self, _: usize) -> Result<Vec<u8>, DataError> {
        Ok(vec![])
    }
}
