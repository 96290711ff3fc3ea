//! Samples of which each has a file of its own.

use crate::raw::RawSamples;
use crate::{DataError, DataOptions, Raw};
use std::path::PathBuf;

/// Files with one sample each.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) options: DataOptions,
}

impl RawSamples for Files {
    fn len(&self) -> usize {
        self.paths.len()
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        let path = self.paths.get(index).ok_or(DataError::NoSample { index, samples: self.paths.len() })?;
        Raw::read(path, &self.options)
    }

    fn varies(&self) -> bool {
        true
    }

    fn name(&self, index: usize) -> String {
        self.paths.get(index).map(|path| path.display().to_string()).unwrap_or_default()
    }

    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
        match self.paths.get(index) {
            Some(path) => std::fs::read(path).map_err(DataError::io("read", path)),
            None => Err(DataError::NoSample { index, samples: self.paths.len() }),
        }
    }
}
