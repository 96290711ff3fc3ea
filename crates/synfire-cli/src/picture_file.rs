//! Files of pictures, told by their names.

use anyhow::bail;
use std::path::Path;
use synfire::plot::Picture;
use synfire::train::write_whole;

/// Refuses names that no picture can have.
pub(crate) fn check(file: &Path) -> anyhow::Result<()> {
    match extension(file).as_deref() {
        Some("svg" | "png") => Ok(()),
        _ => bail!(
            "--plot {}: pictures are SVG or PNG, in files that end in .svg or .png; name it {}",
            file.display(),
            file.with_extension("svg").display()
        ),
    }
}

/// Writes a picture.
pub(crate) fn write(picture: &Picture, file: &Path) -> anyhow::Result<()> {
    match extension(file).as_deref() {
        Some("png") => Ok(write_whole(file, &picture.png())?),
        _ => Ok(write_whole(file, picture.svg().as_bytes())?),
    }
}

fn extension(file: &Path) -> Option<String> {
    file.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase())
}
