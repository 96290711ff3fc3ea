//! Bytes that may or may not be compressed.

use flate2::read::MultiGzDecoder;
use std::io::{self, Chain, Cursor, Read};

/// A reader put back together after a look at its first bytes.
type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

/// Plain or gzip bytes, told apart by gzip's magic and never by a file name.
pub(crate) enum Inflate<R> {
    Plain(Peeked<R>),
    // Boxed: the decoder's buffers would make the enum large.
    Gzip(Box<MultiGzDecoder<Peeked<R>>>),
}

impl<R: Read> Inflate<R> {
    pub(crate) fn new(mut reader: R) -> io::Result<Self> {
        let mut first = Vec::with_capacity(2);
        reader.by_ref().take(2).read_to_end(&mut first)?;
        let gzip = first == [0x1f, 0x8b];
        let whole = Cursor::new(first).chain(reader);
        Ok(match gzip {
            // The multi-member decoder also refuses bytes after the last
            // member, which the single-member one would silently ignore.
            true => Self::Gzip(Box::new(MultiGzDecoder::new(whole))),
            false => Self::Plain(whole),
        })
    }
}

impl<R: Read> Read for Inflate<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(reader) => reader.read(buffer),
            Self::Gzip(reader) => reader.read(buffer),
        }
    }
}
