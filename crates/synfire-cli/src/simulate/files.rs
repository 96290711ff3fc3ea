//! A simulation as a picture and as a table for other programs.

use super::run::Simulation;
use anyhow::{anyhow, bail};
use std::path::Path;
use synfire::plot::{TracePanel, membrane_traces};
use synfire::train::write_whole;

/// Refuses, before anything is computed, names that no file can have.
pub(super) fn check(files: [Option<&Path>; 2]) -> anyhow::Result<()> {
    for (option, file) in ["--plot", "--csv"].into_iter().zip(files) {
        let Some(file) = file else { continue };
        if file.is_dir() {
            bail!("{option} {}: is a folder; give the name of a file in it", file.display());
        }
        let ending = file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        if let ("--plot", Some(ending)) = (option, ending.filter(|ending| ending != "svg")) {
            bail!(
                "{option} {}: pictures are SVG, not {}; name it {}",
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

/// Input, every state and what comes out, over time.
pub(super) fn plot(file: &Path, current: &str, simulation: &Simulation) -> anyhow::Result<()> {
    let info = simulation.model;
    let name = |name: &str, about: &str| format!("{name}, {about}");
    let states: Vec<String> = info.states.iter().map(|state| name(state.name, state.doc.trim())).collect();
    let plain =
        |name, values| TracePanel { name, unit: "", values, neurons: 1, numbers: &[], spikes: None, threshold: None };
    let mut panels: Vec<_> = simulation.inputs.iter().map(|input| plain(&input.name, &input.values)).collect();
    // spikes stand above the potential, or else above the first state there is
    let spiking = info.states.iter().position(|state| state.name == "v").unwrap_or(0);
    let spikes = Some(simulation.output.as_slice()).filter(|_| simulation.is_spiking());
    for (k, state) in info.states.iter().enumerate() {
        panels.push(TracePanel {
            unit: state.unit,
            spikes: spikes.filter(|_| k == spiking),
            threshold: simulation.threshold.filter(|_| state.name == "v"),
            ..plain(&states[k], &simulation.states[k])
        });
    }
    if !simulation.is_spiking() {
        panels.push(plain("output", &simulation.output));
    }
    let title = format!("{}, input {current}", info.name);
    let picture = membrane_traces(&title, &panels, simulation.dt as f32);
    Ok(write_whole(file, picture.as_bytes())?)
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
