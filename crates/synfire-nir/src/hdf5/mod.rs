//! HDF5 files as groups of named values: the one place that knows the crates that read and write them.

mod number;
mod read;
mod write;

pub(crate) use read::decode;
pub(crate) use write::encode;

/// First bytes of an HDF5 file.
pub(crate) const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";
