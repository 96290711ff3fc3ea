//! IDX, the file format of MNIST: arrays with a tiny header.
//!
//! ```text
//! offset 0   00 00          always zero
//!        2   TT             element type: 08 u8, 09 i8, 0B i16, 0C i32, 0D f32, 0E f64
//!        3   DD             number of dimensions
//!        4   u32 each       the dimensions, big-endian
//!        …   elements       row-major, big-endian
//! ```
//!
//! Files are usually gzip-compressed; that is recognised by the content.

mod elements;
mod read;
mod split;

pub use elements::Elements;
pub(super) use split::{Images, labels};

use crate::DataError;
use flate2::{Compression, write::GzEncoder};
use std::{
    fs::{self, File, Metadata},
    io::{BufReader, Write},
    path::Path,
};

/// Most dimensions an array may have; the data sets in use have 1 to 4.
pub const MAX_DIMENSIONS: usize = 8;

/// Most bytes of elements an array may have, 4 GiB: a bound on what a
/// compressed file of a few megabytes can make this reader allocate.
pub const MAX_BYTES: u64 = 4 << 30;

/// The content of one IDX file: a shape and its elements in row-major order.
///
/// ```
/// use synfire_data::{Elements, IdxArray};
///
/// let labels = IdxArray::new(vec![3], Elements::U8(vec![7, 2, 1]))?;
/// let bytes = labels.to_bytes();
/// assert_eq!(bytes, [0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]);
/// assert_eq!(IdxArray::parse(&bytes)?, labels);
/// # Ok::<(), synfire_data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct IdxArray {
    shape: Vec<usize>,
    elements: Elements,
}

impl IdxArray {
    /// Joins a shape and the elements it describes.
    ///
    /// # Errors
    /// If the shape has no or more than [`MAX_DIMENSIONS`] dimensions, one of
    /// 2³² or above, or another product than the elements have.
    pub fn new(shape: Vec<usize>, elements: Elements) -> Result<Self, DataError> {
        let dimensions_fit =
            (1..=MAX_DIMENSIONS).contains(&shape.len()) && shape.iter().all(|&size| u32::try_from(size).is_ok());
        let product = shape.iter().try_fold(1usize, |product, &size| product.checked_mul(size));
        if !dimensions_fit || product != Some(elements.len()) {
            return Err(DataError::IdxShape { shape, elements: elements.len(), most_dimensions: MAX_DIMENSIONS });
        }
        Ok(Self { shape, elements })
    }

    /// Reads a file, plain or gzip-compressed whatever its name.
    ///
    /// # Errors
    /// If the file cannot be opened, or its content fails as in [`parse`](Self::parse).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        let origin = || path.display().to_string();
        let file = File::open(path).map_err(DataError::io("open", path))?;
        let about = file.metadata().ok();
        // Opening a folder succeeds on Unix and fails only at the first read.
        if about.as_ref().is_some_and(Metadata::is_dir) {
            return Err(DataError::NotAFile.within(origin()));
        }
        let length = about.map_or(0, |about| about.len());
        read::array(BufReader::new(file), length, path).map_err(|error| match error {
            DataError::Io { .. } => error,
            other => other.within(origin()),
        })
    }

    /// Reads the bytes of a file, plain or gzip-compressed.
    ///
    /// Any input is safe: memory grows with the bytes that are really there,
    /// not with what the header claims, and decompression stops one byte after
    /// the last element.
    ///
    /// # Errors
    /// If the bytes are not one complete IDX array with nothing after it, or
    /// it is larger than [`MAX_DIMENSIONS`] and [`MAX_BYTES`] allow.
    pub fn parse(bytes: &[u8]) -> Result<Self, DataError> {
        read::array(bytes, bytes.len() as u64, Path::new("the given bytes"))
    }

    /// The dimensions; for images `[samples, rows, columns]`.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The elements in row-major order.
    pub fn elements(&self) -> &Elements {
        &self.elements
    }

    /// Takes the array apart without copying.
    pub fn into_parts(self) -> (Vec<usize>, Elements) {
        (self.shape, self.elements)
    }

    /// The array as an uncompressed IDX file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0, 0, self.elements.type_code(), self.shape.len() as u8];
        for &size in &self.shape {
            bytes.extend((size as u32).to_be_bytes());
        }
        self.elements.write_to(&mut bytes);
        bytes
    }

    /// Writes the array to a file, gzip-compressed if the name ends in `.gz`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), DataError> {
        let path = path.as_ref();
        let bytes = self.to_bytes();
        let written = if path.extension().is_some_and(|extension| extension == "gz") {
            File::create(path).and_then(|file| {
                let mut encoder = GzEncoder::new(file, Compression::default());
                encoder.write_all(&bytes)?;
                encoder.finish().map(drop)
            })
        } else {
            fs::write(path, bytes)
        };
        written.map_err(DataError::io("write", path))
    }
}
