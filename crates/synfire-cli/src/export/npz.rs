//! NumPy's `.npz`: an archive of arrays.

use super::format::{Exported, Format};
use npyz::WriterBuilder;
use std::io::{Cursor, Write};
use std::path::Path;
use synfire::checkpoint::{Checkpoint, StoredParameter};
use synfire::train::write_whole;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(super) struct Npz;

impl Format for Npz {
    fn name(&self) -> &'static str {
        "npz"
    }

    fn about(&self) -> &'static str {
        "Arrays by name, for NumPy"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("npz")
    }

    fn export(&self, checkpoint: &Checkpoint, out: &Path) -> anyhow::Result<Exported> {
        let mut archive = ZipWriter::new(Cursor::new(vec![]));
        for parameter in &checkpoint.parameters {
            // numpy.load reads this as the array of the name without the ending
            let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            archive.start_file(format!("{}.npy", parameter.name), options)?;
            archive.write_all(&array(parameter)?)?;
        }
        let description = serde_json::to_string_pretty(&checkpoint.description)?;
        archive
            .start_file("synfire.json", SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        archive.write_all(description.as_bytes())?;
        write_whole(out, &archive.finish()?.into_inner())?;
        Ok(Exported { files: vec![out.to_path_buf()], ..Exported::default() })
    }
}

/// A parameter as a `.npy` file.
fn array(parameter: &StoredParameter) -> anyhow::Result<Vec<u8>> {
    let shape: Vec<u64> = parameter.shape.iter().map(|size| *size as u64).collect();
    let mut bytes = vec![];
    let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes).begin_nd()?;
    writer.extend(parameter.values.iter().copied())?;
    writer.finish()?;
    Ok(bytes)
}
