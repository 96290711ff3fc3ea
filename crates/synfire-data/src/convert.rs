//! Data sets as `.npz` archives.

use crate::formats::numpy::header::header;
use crate::{DataError, Dataset, Split, Targets, Values};
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Samples that are read at once.
const CHUNK: usize = 64;

impl Dataset {
    /// Writes the data set as a `.npz` archive, whole or not at all: `x_train`, `y_train`, `x_test`, `y_test`, of series of
    /// different length `lengths_train` and `lengths_test`, and `class_names` where classes have names. Events and sound
    /// are written as the values that a network is given. Opened again, it has the same samples.
    ///
    /// # Errors
    /// If a sample cannot be read or the file not be written.
    pub fn write_npz(&self, path: impl AsRef<Path>) -> Result<(), DataError> {
        let path = path.as_ref();
        let refused = |cause| DataError::io("write", path)(cause);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temporary = tempfile::NamedTempFile::new_in(folder).map_err(refused)?;
        self.write_arrays(BufWriter::new(temporary.as_file())).map_err(|error| match error {
            DataError::Io { cause, .. } => DataError::io("write", path)(cause),
            other => other,
        })?;
        temporary.persist(path).map_err(|error| DataError::io("write", path)(error.error))?;
        Ok(())
    }

    fn write_arrays(&self, file: impl Write + Seek) -> Result<(), DataError> {
        let refused = |cause| DataError::io("write", "")(cause);
        let mut archive = Archive(ZipWriter::new(file));
        for (part, split) in [("train", &self.train), ("test", &self.test)] {
            archive.split(part, split)?;
        }
        if let Some(names) = &self.options.classes {
            archive.names(names).map_err(refused)?;
        }
        archive.0.finish().map_err(io::Error::from).and_then(|mut file| file.flush()).map_err(refused)
    }
}

/// An archive on its way to disk.
struct Archive<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Archive<W> {
    fn begin(&mut self, name: String, descr: &str, shape: &[usize]) -> io::Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
        self.0.start_file(format!("{name}.npy"), options)?;
        self.0.write_all(&header(descr, shape))
    }

    fn split(&mut self, part: &str, split: &Split) -> Result<(), DataError> {
        let io = |cause| DataError::io("write", "")(cause);
        let count = split.len();
        let is_bytes = matches!(split.batch(&[0])?.values, Values::Bytes(_));
        let descr = if is_bytes { "|u1" } else { "<f4" };
        self.begin(format!("x_{part}"), descr, &[&[count], split.sample_shape()].concat()).map_err(io)?;
        let mut lengths = Vec::with_capacity(count);
        for begin in (0..count).step_by(CHUNK) {
            let indices: Vec<usize> = (begin..count.min(begin + CHUNK)).collect();
            let batch = split.batch(&indices)?;
            let whole = split.sample_shape()[0];
            lengths.extend((0..indices.len()).map(|i| batch.lengths.get(i).copied().unwrap_or(whole)));
            match (batch.values, is_bytes) {
                (Values::Bytes(bytes), true) => self.0.write_all(&bytes),
                (values, _) => {
                    self.0.write_all(&values.to_floats().iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>())
                }
            }
            .map_err(io)?;
        }
        if lengths.iter().any(|&length| length != split.sample_shape()[0]) {
            let lengths: Vec<i64> = lengths.into_iter().map(|length| length as i64).collect();
            self.integers(format!("lengths_{part}"), &[count], &lengths).map_err(io)?;
        }
        let all: Vec<usize> = (0..count).collect();
        let targets = all.iter().map(|&index| split.samples().target(index));
        let mut gathered = Targets::with_capacity(split.target_kind(), count);
        targets.into_iter().try_for_each(|target| gathered.push(target?))?;
        let name = format!("y_{part}");
        match &gathered {
            Targets::Classes(classes) => self.integers(name, &[count], classes),
            Targets::ClassPerStep { classes, steps } => self.integers(name, &[count, *steps], classes),
            Targets::Vectors { values, len } => self
                .begin(name, "<f4", &[count, *len])
                .and_then(|()| self.0.write_all(&values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>())),
        }
        .map_err(io)
    }

    fn integers(&mut self, name: String, shape: &[usize], values: &[i64]) -> io::Result<()> {
        self.begin(name, "<i8", shape)?;
        self.0.write_all(&values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
    }

    fn names(&mut self, names: &[String]) -> io::Result<()> {
        let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).clamp(1, 1024);
        self.begin("class_names".into(), &format!("<U{longest}"), &[names.len()])?;
        for name in names {
            let padding = std::iter::repeat('\0');
            let letters: Vec<u8> =
                name.chars().chain(padding).take(longest).flat_map(|c| u32::from(c).to_le_bytes()).collect();
            self.0.write_all(&letters)?;
        }
        Ok(())
    }
}
