//! NumPy's `.npz`: an archive of arrays.

use npyz::WriterBuilder;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An archive in memory. Nothing in it is compressed, so that other programs can map it.
pub(crate) struct Archive(ZipWriter<Cursor<Vec<u8>>>);

impl Archive {
    pub(crate) fn new() -> Self {
        Archive(ZipWriter::new(Cursor::new(vec![])))
    }

    /// Adds an array, which `numpy.load` finds by this name.
    pub(crate) fn array(&mut self, name: &str, shape: &[usize], values: &[f32]) -> anyhow::Result<()> {
        let shape: Vec<u64> = shape.iter().map(|&size| size as u64).collect();
        let mut bytes = vec![];
        let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd()?;
        writer.extend(values.iter().copied())?;
        writer.finish()?;
        self.file(&format!("{name}.npy"), &bytes)
    }

    /// Adds a file.
    pub(crate) fn file(&mut self, name: &str, contents: &[u8]) -> anyhow::Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.0.start_file(name, options)?;
        Ok(self.0.write_all(contents)?)
    }

    /// The bytes of the archive.
    pub(crate) fn finish(self) -> anyhow::Result<Vec<u8>> {
        Ok(self.0.finish()?.into_inner())
    }
}
