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
        [] => return Err(DataError::IdxEmpty),
        [0, 0, code, dimensions] => (code, usize::from(dimensions)),
        [0] | [0, 0] | [0, 0, _] => return Err(DataError::IdxHeaderCut),
        _ => return Err(DataError::IdxMagic { found: magic }),
    };
    let size = Elements::size_of_type(code).ok_or(DataError::IdxType { found: code })?;
    if !(1..=MAX_DIMENSIONS).contains(&dimensions) {
        return Err(DataError::IdxDimensions { found: dimensions, most: MAX_DIMENSIONS });
    }

    let sizes = up_to(&mut reader, 4 * dimensions as u64, length).map_err(fail)?;
    if sizes.len() < 4 * dimensions {
        return Err(DataError::IdxHeaderCut);
    }
    let shape: Vec<usize> = sizes.as_chunks().0.iter().map(|&size| u32::from_be_bytes(size) as usize).collect();
    let expected =
        shape.iter().try_fold(size, |bytes, &size| bytes.checked_mul(size as u64)).filter(|&bytes| bytes <= MAX_BYTES);
    let Some(expected) = expected else {
        return Err(DataError::IdxTooLarge { shape, most: MAX_BYTES });
    };

    // One byte more than needed: it shows what follows, and makes a gzip
    // stream reach its end, where its checksum is compared.
    let mut bytes = up_to(&mut reader, expected + 1, length).map_err(fail)?;
    let found = bytes.len() as u64;
    if found < expected {
        return Err(DataError::IdxCut { shape, expected, found });
    }
    if found > expected {
        return Err(DataError::IdxTrailing { shape, expected });
    }
    bytes.shrink_to_fit();
    let elements = Elements::from_be_bytes(code, bytes).ok_or(DataError::IdxType { found: code })?;
    IdxArray::new(shape, elements)
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
