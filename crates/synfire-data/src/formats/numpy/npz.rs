//! Arrays by name: a `.npz` archive, or a folder of `.npy` files.

use super::events;
use super::header::Header;
use super::npy::Array;
use crate::formats::has_extension;
use crate::{DataError, DataOptions, Raw};
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use zip::ZipArchive;
use zip::result::ZipError;

/// Description of what archives are, for messages.
const WHOLE: &str = "a whole zip archive of .npy files";

/// Named arrays at a path.
pub(crate) enum Archive {
    Zip { path: PathBuf, names: Vec<String> },
    Folder { files: Vec<PathBuf> },
}

impl Archive {
    /// Opens an archive.
    pub(crate) fn zip(path: &Path) -> Result<Self, DataError> {
        Ok(Archive::Zip { path: path.to_path_buf(), names: array_names(&open(path)?) })
    }

    /// The arrays among these files.
    pub(crate) fn files(entries: &[PathBuf]) -> Self {
        Archive::Folder { files: entries.iter().filter(|path| has_extension(path, &["npy"])).cloned().collect() }
    }

    fn names(&self) -> Vec<String> {
        match self {
            Archive::Zip { names, .. } => names.clone(),
            Archive::Folder { files } => files.iter().map(|path| stem(path)).collect(),
        }
    }

    /// The name among these that there is an array of, in any case.
    pub(crate) fn find(&self, names: &[&str]) -> Option<String> {
        let there = self.names();
        names.iter().find_map(|name| there.iter().find(|found| found.eq_ignore_ascii_case(name)).cloned())
    }

    /// Names of all arrays, for messages.
    pub(crate) fn list(&self) -> String {
        let mut names = self.names();
        names.sort();
        names.truncate(20);
        names.join(", ")
    }

    /// Where an array is, for messages.
    pub(crate) fn place(&self, name: &str) -> String {
        match self {
            Archive::Zip { path, .. } => format!("{}, array {name}", path.display()),
            Archive::Folder { .. } => self.file(name).map(|path| path.display().to_string()).unwrap_or_default(),
        }
    }

    /// The file of an array of its own.
    pub(crate) fn file(&self, name: &str) -> Option<PathBuf> {
        match self {
            Archive::Zip { .. } => None,
            Archive::Folder { files } => files.iter().find(|path| stem(path) == name).cloned(),
        }
    }

    /// Reads an array.
    pub(crate) fn array(&self, name: &str) -> Result<Array, DataError> {
        self.bytes(name).and_then(|bytes| Array::parse(&bytes)).map_err(|error| match error {
            DataError::Io { .. } => error,
            other => other.within(self.place(name)),
        })
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, DataError> {
        if let Some(file) = self.file(name) {
            return std::fs::read(&file).map_err(DataError::io("read", &file));
        }
        let Archive::Zip { path, .. } = self else { return Ok(vec![]) };
        entry(&mut open(path)?, name)
    }
}

/// A single sample in an archive: a recording of events in `t`, `x`, perhaps `y` and `p`, or the only array.
pub(super) fn read_sample(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let damaged = |error: ZipError| DataError::format("npz", 0, error.to_string(), WHOLE);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut arrays = Vec::new();
    for name in array_names(&archive) {
        arrays.push((name.clone(), Array::parse(&entry(&mut archive, &name)?)?));
    }
    match &mut arrays[..] {
        [(_, only)] => only.clone().into_sample(),
        _ => events::records(&arrays),
    }
}

/// Names of the arrays in an archive.
fn array_names<R: Read + Seek>(archive: &ZipArchive<R>) -> Vec<String> {
    archive.file_names().filter_map(|name| Some(name.ok()?.strip_suffix(".npy")?.to_string())).collect()
}

/// Bytes of an array in an archive; they grow with what is there, whatever the archive claims.
fn entry<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str) -> Result<Vec<u8>, DataError> {
    let damaged = |problem: String| DataError::format("npz", 0, problem, WHOLE);
    let mut bytes = Vec::new();
    let mut entry = archive.by_name(&format!("{name}.npy")).map_err(|error| damaged(error.to_string()))?;
    entry.read_to_end(&mut bytes).map_err(|error| damaged(error.to_string()))?;
    Ok(bytes)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, DataError> {
    let file = File::open(path).map_err(DataError::io("open", path))?;
    ZipArchive::new(BufReader::new(file))
        .map_err(|error| DataError::format("npz", 0, error.to_string(), WHOLE).within(path.display().to_string()))
}

/// Header of a `.npy` file, without its elements.
pub(crate) fn header_of(path: &Path) -> Result<Header, DataError> {
    let file = File::open(path).map_err(DataError::io("open", path))?;
    let total = file.metadata().map_err(DataError::io("open", path))?.len();
    let mut head = Vec::new();
    file.take(1 << 17).read_to_end(&mut head).map_err(DataError::io("read", path))?;
    Header::parse(&head, total).map_err(|error| error.within(path.display().to_string()))
}
