//! File formats: one file each, and one line in [`FORMATS`] of data sets or [`SAMPLES`] of single samples.

pub(crate) mod arrays;
mod cifar10;
mod digits;
mod events;
mod files;
mod gesture;
#[cfg(any(feature = "arrays", feature = "hdf5"))]
mod half;
#[cfg(feature = "hdf5")]
mod hdf5;
pub(crate) mod idx;
mod idx_folder;
#[cfg(feature = "arrays")]
pub(crate) mod numpy;
mod pair;
#[cfg(feature = "pictures")]
pub(crate) mod picture;
#[cfg(feature = "tables")]
mod table;
mod text;
mod tree;
#[cfg(feature = "sound")]
mod wav;

use crate::raw::Found;
use crate::{DataError, DataOptions, Raw};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A kind of file or folder that holds a data set.
pub(crate) struct Format {
    /// Name in messages.
    pub(crate) name: &'static str,
    /// Whether a path looks like one, judged by what is there and not by its name.
    pub(crate) recognises: fn(&Probe) -> bool,
    /// Opens it. Errors name the file, what was expected and the cure.
    pub(crate) open: fn(&Probe, &DataOptions) -> Result<Found, DataError>,
}

/// A kind of file that holds a single sample.
#[derive(Clone, Copy)]
pub(crate) struct SampleFormat {
    /// Name in messages.
    pub(crate) name: &'static str,
    /// Whether a file is one, by its first bytes; by its path where the format has no header.
    pub(crate) recognises: fn(&[u8], &Path) -> bool,
    /// Decodes its bytes; [`Raw::parse`] says how much may be allocated.
    pub(crate) read: fn(&[u8], &DataOptions) -> Result<Raw, DataError>,
}

/// All formats of data sets; the first that recognises a path opens it.
const FORMATS: &[Format] = &[
    idx_folder::FORMAT,
    cifar10::FORMAT,
    gesture::FORMAT,
    #[cfg(feature = "arrays")]
    numpy::FORMAT,
    #[cfg(feature = "hdf5")]
    hdf5::FORMAT,
    #[cfg(feature = "tables")]
    table::FORMAT,
    pair::FORMAT,
    tree::FORMAT,
];

/// Formats of single samples without events.
const SAMPLES: &[SampleFormat] = &[
    #[cfg(feature = "pictures")]
    picture::FORMAT,
    #[cfg(feature = "sound")]
    wav::FORMAT,
    #[cfg(feature = "arrays")]
    numpy::SAMPLES[0],
    #[cfg(feature = "arrays")]
    numpy::SAMPLES[1],
];

/// Bytes at the beginning of a file by which it is recognised.
const HEAD: u64 = 4096;

/// A look at a path.
pub(crate) struct Probe {
    pub(crate) path: PathBuf,
    pub(crate) is_folder: bool,
    /// First bytes of a file.
    pub(crate) head: Vec<u8>,
    /// Paths in a folder, sorted, without those that begin with a dot.
    pub(crate) entries: Vec<PathBuf>,
}

impl Probe {
    pub(crate) fn of(path: &Path) -> Result<Self, DataError> {
        let about = path.metadata().map_err(|cause| match cause.kind() {
            std::io::ErrorKind::NotFound => DataError::NoData { path: path.to_path_buf() },
            _ => DataError::io("open", path)(cause),
        })?;
        let mut probe = Probe { path: path.to_path_buf(), is_folder: about.is_dir(), head: vec![], entries: vec![] };
        if probe.is_folder {
            probe.entries = entries(path)?;
        } else if about.is_file() {
            probe.head = head(path)?;
        } else {
            return Err(DataError::NotAFile.within(path.display().to_string()));
        }
        Ok(probe)
    }
}

/// Name of a data set: that of its folder, or of its file without the extension.
pub(crate) fn name(path: &Path) -> String {
    let whole = if path.file_name().is_some() { path.to_path_buf() } else { path.canonicalize().unwrap_or_default() };
    let name = if path.is_dir() { whole.file_name() } else { whole.file_stem() };
    name.unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Paths in a folder, sorted, without those that begin with a dot.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let refused = |cause| DataError::io("read", folder)(cause);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(|cause| DataError::io("read", folder)(cause))?.path();
        if !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            entries.push(path);
        }
    }
    entries.sort();
    Ok(entries)
}

/// First bytes of a file.
fn head(path: &Path) -> Result<Vec<u8>, DataError> {
    let file = File::open(path).map_err(DataError::io("open", path))?;
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).map_err(DataError::io("read", path))?;
    Ok(head)
}

/// Whether a path ends in one of these extensions, in any case.
pub(crate) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    extensions.iter().any(|one| one.eq_ignore_ascii_case(extension))
}

/// Finds what is at a path.
pub(crate) fn find(path: &Path, options: &DataOptions) -> Result<Found, DataError> {
    let probe = Probe::of(path)?;
    match FORMATS.iter().find(|format| (format.recognises)(&probe)) {
        Some(format) => (format.open)(&probe, options),
        None => Err(DataError::Unrecognised { path: path.to_path_buf(), looks: looks(&probe) }),
    }
}

/// The format of the single sample in a file.
pub(crate) fn sample_format(head: &[u8], path: &Path) -> Option<&'static SampleFormat> {
    SAMPLES.iter().chain(events::FORMATS).find(|format| (format.recognises)(head, path))
}

impl Raw {
    /// Reads the single sample in a file: a picture, a recording of events, sound, an array.
    ///
    /// # Errors
    /// If the file cannot be read, is of no known format or damaged; the message names file and offset.
    pub fn read(path: impl AsRef<Path>, options: &DataOptions) -> Result<Self, DataError> {
        let path = path.as_ref();
        if path.is_dir() {
            return Err(DataError::NotAFile.within(path.display().to_string()));
        }
        let bytes = std::fs::read(path).map_err(DataError::io("read", path))?;
        Self::parse_file(&bytes, path, options)
    }

    /// As [`parse`](Self::parse), with errors that name the file.
    pub(crate) fn parse_file(bytes: &[u8], path: &Path, options: &DataOptions) -> Result<Self, DataError> {
        Self::parse(bytes, path, options).map_err(|error| match error {
            DataError::NoSampleFormat { .. } => error,
            other => other.within(path.display().to_string()),
        })
    }

    /// Decodes the bytes of a file. Of its path only the extension matters, and only for formats without a header.
    ///
    /// Any bytes are safe, whatever their header claims: no more than 128 times their number is allocated, and 1 MiB. Where
    /// they are compressed it is 2^16 times, of which a deflated byte may truly need 1032 times and a pixel of one bit
    /// eight times as many.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(bytes: &[u8], path: &Path, options: &DataOptions) -> Result<Self, DataError> {
        let head = &bytes[..bytes.len().min(HEAD as usize)];
        if bytes.is_empty() {
            return Err(DataError::format("sample", 0, "an empty file", "a picture, a recording of events, or sound"));
        }
        let format = sample_format(head, path)
            .ok_or_else(|| DataError::NoSampleFormat { path: path.to_path_buf(), looks: looks_like(head) })?;
        (format.read)(bytes, options)
    }
}

/// Description of a path that no format recognises.
fn looks(probe: &Probe) -> String {
    match (probe.is_folder, probe.entries.len()) {
        (true, 0) => "it is an empty folder".to_string(),
        (true, 1) if probe.entries[0].is_dir() => {
            format!("it is a folder with one folder in it; is the data set in {}?", probe.entries[0].display())
        }
        (true, count) => {
            let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let inside = |path: &PathBuf| match entries(path).unwrap_or_default().first() {
                Some(first) if path.is_dir() => format!("{}/{}", name(path), name(first)),
                _ => name(path),
            };
            let some: Vec<String> = probe.entries.iter().take(3).map(inside).collect();
            format!("it is a folder with {count} entries, such as {}", some.join(", "))
        }
        _ => looks_like(&probe.head),
    }
}

/// Description of a file that no format recognises; some are known to this crate, but not to this build.
fn looks_like(head: &[u8]) -> String {
    const KNOWN: [(&[u8], &str, &str); 7] = [
        (b"\x89HDF", "HDF5", "hdf5"),
        (b"\x93NUMPY", "npy", "arrays"),
        (b"PK\x03\x04", "npz", "arrays"),
        (b"RIFF", "WAV", "sound"),
        (b"\x89PNG", "PNG", "pictures"),
        (b"\xff\xd8\xff", "JPEG", "pictures"),
        (b"BM", "BMP", "pictures"),
    ];
    if head.is_empty() {
        return "it is an empty file".to_string();
    }
    match KNOWN.iter().find(|(magic, ..)| head.starts_with(magic)) {
        Some((_, name, feature)) => {
            format!(
                "it looks like {name}, which is read by builds with the feature `{feature}`, in the place where such \
                     files are expected"
            )
        }
        None => format!("it begins with the bytes {:02x?}", &head[..head.len().min(8)]),
    }
}
