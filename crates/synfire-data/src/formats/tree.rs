//! Folders with a folder for each class and a file for each sample in it; or with files `CLASS_anything`.

use super::{Format, Probe, entries, files::Files, has_extension, head, sample_format};
use crate::raw::{Collection, Found, Labels};
use crate::{DataError, DataOptions};
use std::path::{Path, PathBuf};

pub(super) const FORMAT: Format = Format { name: "folder of samples", recognises, open };

/// Extensions of files that are taken as samples; their content tells the format.
const EXTENSIONS: [&str; 17] = [
    "png", "jpg", "jpeg", "bmp", "pgm", "ppm", "pnm", "wav", "bin", "bs1", "bs2", "aedat", "dat", "raw", "npy", "npz",
    "csv",
];

fn recognises(probe: &Probe) -> bool {
    let class =
        |path: &PathBuf| path.is_dir() && entries(path).is_ok_and(|files| files.iter().any(|file| is_sample(file)));
    probe.entries.iter().any(class) || flat(&probe.entries).is_some()
}

fn open(probe: &Probe, options: &DataOptions) -> Result<Found, DataError> {
    if let Some(found) = flat(&probe.entries) {
        return Ok(collection(found, options));
    }
    let mut found = Vec::new();
    for folder in probe.entries.iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let files: Vec<PathBuf> = entries(folder)?.into_iter().filter(|path| is_sample(path)).collect();
        if files.is_empty() {
            return Err(DataError::EmptyClass { folder: folder.clone() });
        }
        found.extend(files.into_iter().map(|path| (path, name.clone())));
    }
    Ok(collection(found, options))
}

fn collection(found: Vec<(PathBuf, String)>, options: &DataOptions) -> Found {
    let (paths, names) = found.into_iter().unzip();
    Found::whole(Collection::files(Files { paths, options: options.clone() }, Labels::Names(names)))
}

/// Files `CLASS_anything.ext` and their classes, where all files of samples have such names and there are some.
fn flat(entries: &[PathBuf]) -> Option<Vec<(PathBuf, String)>> {
    let files: Vec<&PathBuf> = entries.iter().filter(|path| is_sample(path) && path.is_file()).collect();
    let first = files.first()?;
    sample_format(&head(first).ok()?, first)?;
    files
        .into_iter()
        .map(|path| {
            let (class, rest) = path.file_stem()?.to_str()?.split_once('_')?;
            (!class.is_empty() && !rest.is_empty()).then(|| (path.clone(), class.to_string()))
        })
        .collect()
}

fn is_sample(path: &Path) -> bool {
    has_extension(path, &EXTENSIONS)
}
