//! From untrusted bytes to an array.

use super::{Elements, IdxArray, MAX_BYTES, MAX_DIMENSIONS};
use crate::{DataError, inflate::Inflate};
use std::{
    io::{self, Read},
    path::Path,
};

/// Reads one array and makes sure that nothing follows it.
///
/// `length` is the number of bytes of the source, compressed or not. `path` is only used to name the source of an I/O
/// error.
pub(super) fn array(reader: impl Read, length: u64, path: &Path) -> Result<IdxArray, DataError> {
    let fail = |cause: io::Error| match cause.kind() {
        // Errors of decompression; a plain file cannot fail like this.
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            DataError::Gzip { cause }
        }
        _ => DataError::io("read", path)(cause),
    };
    let mut reader = Inflate::new(reader).map_err(fail)?;

    let magic = up_to(&mut reader, 4, length).map_err(fail)?;
    let (code, dimensions) = match magic[..] {
        [0, 0, code, dimensions] => (code, usize::from(dimensions)),
        [] => return Err(damaged(0, "the file is empty", HEADER)),
        [0] | [0, 0] | [0, 0, _] => return Err(damaged(magic.len() as u64, "the file ends inside its header", HEADER)),
        _ => {
            return Err(damaged(
                0,
                format!("{magic:02x?}"),
                format!("{HEADER}, or gzip's `1f 8b`: is this an IDX file?"),
            ));
        }
    };
    let unknown = || damaged(2, format!("the element type {code:#04x}"), TYPES);
    let size = Elements::size_of_type(code).ok_or_else(unknown)?;
    if !(1..=MAX_DIMENSIONS).contains(&dimensions) {
        return Err(damaged(3, format!("{dimensions} dimensions"), format!("1 to {MAX_DIMENSIONS}")));
    }

    let sizes = up_to(&mut reader, 4 * dimensions as u64, length).map_err(fail)?;
    if sizes.len() < 4 * dimensions {
        let expected = format!("the sizes of {dimensions} dimensions");
        return Err(damaged(4 + sizes.len() as u64, "the file ends inside its header", expected));
    }
    let shape: Vec<usize> = sizes.as_chunks().0.iter().map(|&size| u32::from_be_bytes(size) as usize).collect();
    let start = 4 + sizes.len() as u64;
    let bytes = shape.iter().try_fold(size, |bytes, &size| bytes.checked_mul(size as u64));
    let Some(expected) = bytes.filter(|&bytes| bytes <= MAX_BYTES) else {
        let most = format!("one of {MAX_BYTES} bytes at most: split a file that really is that large");
        return Err(damaged(4, format!("the shape {shape:?}"), most));
    };

    // One byte more than needed: it shows what follows, and makes a gzip
    // stream reach its end, where its checksum is compared.
    let mut bytes = up_to(&mut reader, expected + 1, length).map_err(fail)?;
    let found = bytes.len() as u64;
    let needed = || format!("{expected} bytes of elements of the shape {shape:?}");
    if found < expected {
        return Err(damaged(start + found, format!("the file ends after {found} of its elements' bytes"), needed()));
    }
    if found > expected {
        return Err(damaged(start + expected, "the file goes on", format!("its end after {}", needed())));
    }
    bytes.shrink_to_fit();
    let elements = Elements::from_be_bytes(code, bytes).ok_or_else(unknown)?;
    IdxArray::new(shape, elements)
}

const HEADER: &str = "the header `00 00 TYPE DIMENSIONS`";
const TYPES: &str = "0x08 (u8), 0x09 (i8), 0x0b (i16), 0x0c (i32), 0x0d (f32) or 0x0e (f64)";

/// A fault at a byte of the file as it is when it is not compressed.
fn damaged(offset: u64, found: impl Into<String>, expected: impl Into<String>) -> DataError {
    DataError::Format { format: "IDX", offset, found: found.into(), expected: expected.into() }
}

/// Bytes for each byte of a source that are reserved at once: more than pictures are compressed to.
const RESERVED: u64 = 16;

/// The next bytes, `most` or as many as are left, of a source of `length` bytes. They are reserved in proportion to it,
/// never to what a header claims, so that nothing is copied; beyond that the buffer grows with what arrives.
fn up_to(reader: &mut impl Read, most: u64, length: u64) -> io::Result<Vec<u8>> {
    let reserved = most.min(length.saturating_mul(RESERVED));
    let mut bytes = Vec::new();
    // without so much memory the rest of the file may tell that it is not needed
    let _ = bytes.try_reserve_exact(usize::try_from(reserved).unwrap_or_default());
    reader.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
