//! Files that are written whole or not at all.

use crate::NirError;
use std::io::Write;
use std::path::Path;

/// Writes a file beside the place and moves it there.
pub(crate) fn whole(path: &Path, bytes: &[u8]) -> Result<(), NirError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".synfire-").suffix(".part");
        // private by default; networks are for everyone the umask lets in
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map(drop).map_err(|error| error.error)
    };
    write().map_err(NirError::io("write", path))
}
