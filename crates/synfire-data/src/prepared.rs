//! Samples that are decoded and changed when they are asked for.

use crate::in_memory::Recordings;
use crate::pipeline::Pipeline;
use crate::raw::{Raw, RawSamples};
use crate::{Batch, DataError, DataOptions, Draw, Sample, Samples, Target, Targets, Transform};
use std::path::Path;
use std::sync::Arc;

/// Raw samples, their targets, and what becomes of them.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) raw: Arc<dyn RawSamples>,
    pub(crate) targets: Targets,
    pub(crate) pipeline: Pipeline,
}

impl Batch {
    /// Reads the single sample in a file, as `options` say: those of a [`Dataset`](crate::Dataset) make it like the samples
    /// of that one.
    ///
    /// # Errors
    /// As [`Raw::read`], and if the sample has another kind than the options are for.
    pub fn from_file(path: impl AsRef<Path>, options: &DataOptions) -> Result<Self, DataError> {
        let path = path.as_ref();
        Self::of_one(Raw::read(path, options)?, path, options)
    }

    /// Decodes the single sample in the bytes of a file, as [`from_file`](Self::from_file) reads it. Of its path only the
    /// extension matters, and only for formats without a header.
    ///
    /// # Errors
    /// As [`Raw::parse`], and if the sample has another kind than the options are for.
    pub fn from_bytes(bytes: &[u8], path: impl AsRef<Path>, options: &DataOptions) -> Result<Self, DataError> {
        let path = path.as_ref();
        Self::of_one(Raw::parse_file(bytes, path, options)?, path, options)
    }

    fn of_one(raw: Raw, path: &Path, options: &DataOptions) -> Result<Self, DataError> {
        // random changes are of training alone
        let mut options = options.clone();
        options.transforms.retain(|transform| matches!(transform, Transform::Normalize { .. }));
        let alone = Recordings(vec![raw]);
        let batch = Pipeline::resolve(&options, &alone).and_then(|pipeline| {
            let sample = pipeline.sample(alone.read(0)?, Target::Class(0), None);
            Self::gather(pipeline.shape(), [sample].into_iter())
        });
        let batch = batch.map_err(|error| error.within(path.display().to_string()))?;
        Ok(Self { targets: Targets::Classes(vec![]), ..batch })
    }
}

impl Prepared {
    fn read(&self, index: usize, draw: Option<Draw>) -> Result<Sample, DataError> {
        let target = self.target(index)?;
        let sample = self.pipeline.sample(self.raw.read(index)?, target, draw.map(|draw| (draw, index)));
        sample.map_err(|error| error.within(self.raw.name(index)))
    }
}

impl Samples for Prepared {
    fn len(&self) -> usize {
        self.raw.len()
    }

    fn shape(&self) -> &[usize] {
        self.pipeline.shape()
    }

    fn sample(&self, index: usize) -> Result<Sample, DataError> {
        self.read(index, None)
    }

    fn target(&self, index: usize) -> Result<Target, DataError> {
        self.targets.get(index).ok_or(DataError::NoSample { index, samples: self.len() })
    }

    fn training_batch(&self, indices: &[usize], draw: Draw) -> Result<Batch, DataError> {
        Batch::gather(self.shape(), indices.iter().map(|&index| self.read(index, Some(draw))))
    }

    fn raw(&self, index: usize) -> Result<Option<Raw>, DataError> {
        self.raw.read(index).map(Some)
    }

    fn name(&self, index: usize) -> Option<String> {
        Some(self.raw.name(index))
    }
}
