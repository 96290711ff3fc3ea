//! Large arrays on disk: a sample is read when it is asked for.

use super::element::Element;
use super::npy::Array;
use super::npz::header_of;
use crate::raw::RawSamples;
use crate::{DataError, Raw};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Samples along the first axis of a `.npy` file.
#[derive(Debug)]
pub(super) struct Rows {
    path: PathBuf,
    element: Element,
    samples: usize,
    shape: Vec<usize>,
    begin: usize,
}

impl Rows {
    pub(super) fn open(path: &Path) -> Result<Self, DataError> {
        let header = header_of(path)?;
        let place = || path.display().to_string();
        let element = header.element().map_err(|error| error.within(place()))?.clone();
        if !header.is_row_major() {
            let error =
                DataError::format("npy", 0, "a large array in Fortran's order", "C's order: np.ascontiguousarray");
            return Err(error.within(place()));
        }
        let [samples, shape @ ..] = &header.shape[..] else {
            return Err(DataError::format("npy", 0, "a single element", "an axis of samples").within(place()));
        };
        let shape = if shape.is_empty() { vec![1] } else { shape.to_vec() };
        Ok(Rows { path: path.to_path_buf(), element, samples: *samples, shape, begin: header.begin })
    }
}

impl RawSamples for Rows {
    fn len(&self) -> usize {
        self.samples
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        if index >= self.samples {
            return Err(DataError::NoSample { index, samples: self.samples });
        }
        let size = self.shape.iter().product::<usize>() * self.element.size;
        let mut bytes = vec![0; size];
        let mut file = File::open(&self.path).map_err(DataError::io("open", &self.path))?;
        let at = self.begin as u64 + index as u64 * size as u64;
        file.seek(SeekFrom::Start(at)).map_err(DataError::io("read", &self.path))?;
        file.read_exact(&mut bytes).map_err(DataError::io("read", &self.path))?;
        let values = Array::of_part(&self.element, self.shape.clone(), bytes).into_values();
        Ok(Raw::Values { values, shape: self.shape.clone() })
    }

    fn name(&self, index: usize) -> String {
        format!("{} [{index}]", self.path.display())
    }

    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
        match self.read(index)? {
            Raw::Values { values, .. } => Ok(values.to_floats().iter().flat_map(|value| value.to_le_bytes()).collect()),
            _ => Ok(vec![]),
        }
    }
}
