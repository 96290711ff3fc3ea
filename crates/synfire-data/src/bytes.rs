//! Bytes of a file, read one field after the other.

use crate::DataError;

/// A position in the bytes of a file. What goes beyond their end is an error that names the offset.
pub(crate) struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
    format: &'static str,
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(format: &'static str, all: &'a [u8]) -> Self {
        Self { all, at: 0, format }
    }

    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.all.len()
    }

    /// The bytes that are left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.all[self.at..]
    }

    /// The next bytes, of which there must be this many.
    pub(crate) fn take(&mut self, count: usize, what: &str) -> Result<&'a [u8], DataError> {
        let rest = self.rest();
        let taken = rest.get(..count).ok_or_else(|| {
            self.error(format!("the file ends after {} bytes", rest.len()), format!("{count} bytes of {what}"))
        })?;
        self.at += count;
        Ok(taken)
    }

    /// The next bytes as an array.
    pub(crate) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], DataError> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.take(N, what)?);
        Ok(bytes)
    }

    /// The next line, up to and with its line feed, if it begins with this byte.
    pub(crate) fn line(&mut self, first: u8) -> Option<&'a [u8]> {
        let rest = self.rest();
        if rest.first() != Some(&first) {
            return None;
        }
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        self.at += end + 1;
        Some(&rest[..end])
    }

    /// An error at this place.
    pub(crate) fn error(&self, found: impl Into<String>, expected: impl Into<String>) -> DataError {
        DataError::format(self.format, self.at, found, expected)
    }
}
