//! Files that are whole, or not there at all.

use crate::Error;
use std::io::Write;
use std::path::Path;

/// Start of the names under which files are written before they are whole.
const UNFINISHED: &str = ".unfinished-";

/// Makes a file hold these bytes. What it holds already is left alone if they begin with it, for those who follow its
/// end.
pub(super) fn append_to(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let refuse = |error: std::io::Error| Error::file(path, format!("could not be written: {error}"));
    match std::fs::read(path) {
        Ok(old) if contents.starts_with(&old) => {
            let mut file = std::fs::File::options().append(true).open(path).map_err(refuse)?;
            file.write_all(&contents[old.len()..]).map_err(refuse)
        }
        _ => write_whole(path, contents),
    }
}

/// Writes a file whole or not at all: under a temporary name in the same folder, then renames it.
///
/// # Errors
///
/// [`Error::File`] if the disk refuses.
pub fn write_whole(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let refuse = |error: std::io::Error| Error::file(path, format!("could not be written: {error}"));
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    // private by default; what becomes a result is as readable as any other file
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(refuse)?;
    file.write_all(contents).and_then(|()| file.as_file().sync_all()).map_err(refuse)?;
    file.persist(path).map(drop).map_err(|error| refuse(error.error))
}

/// Removes the files of a folder that a process did not finish because it was killed.
///
/// # Errors
///
/// The first file or folder that the system refuses to read or remove.
pub(super) fn remove_unfinished(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::train::RunFolder;

    #[test]
    fn a_folder_is_cleared_of_unfinished_files_when_it_is_opened() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("run");
        drop(RunFolder::create(&path).unwrap());
        let unfinished = [path.join(".unfinished-a"), path.join("checkpoints/.unfinished-b")];
        let leave = || unfinished.iter().for_each(|file| std::fs::write(file, "half").unwrap());
        leave();
        let folder = RunFolder::create(&path).unwrap();
        assert!(unfinished.iter().all(|file| !file.exists()), "of a run that was killed before it had a configuration");
        folder.write("config.toml", "").unwrap();
        drop(folder);
        leave();
        RunFolder::open(&path).unwrap();
        assert!(unfinished.iter().all(|file| !file.exists()));
        assert!(path.join("config.toml").exists());
    }
}
