//! Recognising the right file.

use crate::inflate::Inflate;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// Checksum of the right file, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checksum {
    /// SHA-256 of the content after decompression, the same however the file
    /// was compressed.
    Sha256OfContent(String),
    /// MD5 of the file as it is, for sets published that way.
    Md5OfFile(String),
}

/// Most bytes that are decompressed for a checksum. The largest known content
/// is 47 MB; this stops a hostile stream that never ends.
const MOST: u64 = 1 << 30;

impl Checksum {
    /// Says why the file is not the right one, if it is not.
    pub(super) fn verify(&self, path: &Path) -> Result<(), String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        let (kind, expected, found) = match self {
            Self::Sha256OfContent(sum) => ("SHA-256 of the content", sum, Inflate::new(file).and_then(hash::<Sha256>)),
            Self::Md5OfFile(sum) => ("MD5", sum, hash::<md5::Md5>(file)),
        };
        match found {
            Ok(found) if found == *expected => Ok(()),
            Ok(found) => Err(format!("the {kind} is {found}, expected {expected}")),
            Err(error) => Err(format!("the file cannot be read to its end: {error}")),
        }
    }
}

fn hash<D: Digest>(reader: impl Read) -> io::Result<String> {
    let mut reader = reader.take(MOST);
    let mut digest = D::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer)? {
            0 => break,
            count => digest.update(&buffer[..count]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
