//! A simulation as a picture and as a table for other programs.

use crate::picture_file;
use anyhow::bail;
use std::path::Path;
use synfire::neuron::Simulation;
use synfire::plot;
use synfire::train::write_whole;

/// Refuses, before anything is computed, names that no file can have.
pub(super) fn check(files: [Option<&Path>; 2]) -> anyhow::Result<()> {
    for (option, file) in ["--plot", "--csv"].into_iter().zip(files) {
        let Some(file) = file else { continue };
        if file.is_dir() {
            bail!("{option} {}: is a folder; give the name of a file in it", file.display());
        }
        let ending = file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        if let ("--plot", Some(ending)) = (option, ending.filter(|ending| !["svg", "png"].contains(&ending.as_str()))) {
            bail!(
                "{option} {}: pictures are SVG or PNG, not {}; name it {}",
                file.display(),
                ending.to_uppercase(),
                file.with_extension("svg").display()
            );
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            bail!("{option} {}: there is no folder {}", file.display(), folder.display());
        }
    }
    match files {
        [Some(plot), Some(csv)] if plot == csv => {
            bail!("--plot and --csv both write {}; give two names", plot.display())
        }
        _ => Ok(()),
    }
}

/// Inputs, states and what comes out, over time; what stays the same all the time is said and not drawn.
pub(super) fn plot(file: &Path, simulation: &Simulation) -> anyhow::Result<()> {
    picture_file::write(&plot::simulation(simulation), file)
}

/// One row for each step.
pub(super) fn csv(file: &Path, simulation: &Simulation) -> anyhow::Result<()> {
    Ok(write_whole(file, simulation.csv().as_bytes())?)
}
