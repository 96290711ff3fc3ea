//! A simulation as a picture and as a table for other programs.

use super::picture;
use super::run::Simulation;
use anyhow::{anyhow, bail};
use std::path::Path;
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

/// Whether a picture has this name's format.
fn is_png(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"))
}

/// Inputs, states and what comes out, over time; what stays the same all the time is said and not drawn.
pub(super) fn plot(file: &Path, simulation: &Simulation) -> anyhow::Result<()> {
    let picture = picture::of(simulation);
    match is_png(file) {
        true => Ok(write_whole(file, &picture.png())?),
        false => Ok(write_whole(file, picture.svg().as_bytes())?),
    }
}

/// One row for each step.
pub(super) fn csv(file: &Path, simulation: &Simulation) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let refuse = |error: csv::Error| anyhow!("{}: could not be written: {error}", file.display());
    let states = simulation.model.states.iter().map(|state| state.name);
    // the heading by which `--current` finds its column; a state may have the name of another input
    let others: Vec<String> = simulation.inputs[1..].iter().map(|input| format!("input.{}", input.name)).collect();
    let heading = ["time", "input"].into_iter().chain(others.iter().map(String::as_str)).chain(["output"]);
    writer.write_record(heading.chain(states)).map_err(refuse)?;
    for t in 0..simulation.output.len() {
        let numbers = simulation.inputs.iter().map(|input| input.values[t]).chain([simulation.output[t]]);
        let numbers = numbers.chain(simulation.states.iter().map(|state| state[t])).map(|x| x.to_string());
        writer.write_record([time(simulation.time(t))].into_iter().chain(numbers)).map_err(refuse)?;
    }
    let rows = writer.into_inner().map_err(|error| anyhow!("{}: {error}", file.display()))?;
    Ok(write_whole(file, &rows)?)
}

/// In ms, without the last digits that multiplying by the step has made up.
fn time(ms: f64) -> String {
    ((ms * 1e9).round() / 1e9).to_string()
}
