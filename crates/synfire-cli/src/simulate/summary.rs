//! A simulation in a few numbers, and as a short table.

use crate::output::note;
use crate::table::Table;
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use synfire::neuron::Simulation;

/// Rows of the table for terminals.
const ROWS: usize = 20;

#[derive(Serialize)]
pub(super) struct Summary {
    model: &'static str,
    about: &'static str,
    steps: usize,
    dt: f64,
    /// Of spiking models.
    #[serde(skip_serializing_if = "Option::is_none")]
    spikes: Option<Spikes>,
    /// Of graded models.
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Range>,
    files: Vec<PathBuf>,
    #[serde(skip)]
    table: Option<Table>,
}

#[derive(Serialize)]
struct Spikes {
    count: usize,
    /// In Hz.
    rate: f64,
    /// In ms.
    mean_interval: Option<f64>,
    /// Standard deviation of the intervals as a share of their mean.
    variation: Option<f64>,
    /// In ms.
    times: Vec<f64>,
}

#[derive(Serialize)]
struct Range {
    mean: f64,
    minimum: f32,
    maximum: f32,
}

impl Summary {
    /// `files` are those that were written; without any the table is shown.
    pub(super) fn of(simulation: &Simulation, files: [&Option<PathBuf>; 2]) -> Self {
        if let Some((name, time)) = simulation.first_not_finite() {
            note!("warning: `{name}` is not a finite number from {time:.4} ms on; a smaller --dt or current may help");
        }
        let files: Vec<PathBuf> = files.into_iter().flatten().cloned().collect();
        Summary {
            model: simulation.model.name,
            about: simulation.model.about,
            steps: simulation.output.len(),
            dt: simulation.dt,
            spikes: simulation.is_spiking().then(|| Spikes::of(simulation)),
            output: (!simulation.is_spiking()).then(|| Range::of(&simulation.output)),
            table: files.is_empty().then(|| table(simulation)),
            files,
        }
    }
}

impl Spikes {
    fn of(simulation: &Simulation) -> Self {
        let times = simulation.spike_times();
        let intervals: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let count = intervals.len() as f64;
        let mean = intervals.iter().sum::<f64>() / count;
        let variance = intervals.iter().map(|interval| (interval - mean).powi(2)).sum::<f64>() / count;
        Spikes {
            count: times.len(),
            rate: simulation.rate(),
            mean_interval: (count > 0.0).then_some(mean),
            variation: (count > 1.0).then_some(variance.sqrt() / mean),
            times,
        }
    }
}

impl Range {
    fn of(output: &[f32]) -> Self {
        Range {
            mean: output.iter().map(|&x| f64::from(x)).sum::<f64>() / output.len().max(1) as f64,
            minimum: output.iter().copied().fold(f32::INFINITY, f32::min),
            maximum: output.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        }
    }
}

/// Input, states and output at some times, evenly spaced; for spikes how many there were since the row before.
fn table(simulation: &Simulation) -> Table {
    let steps = simulation.output.len();
    let unit = |unit: &str| if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    let mut table = Table::default();
    let states = simulation.model.states.iter().map(|state| format!("{}{}", state.name, unit(state.unit)));
    let output = if simulation.is_spiking() { "spikes" } else { "output" };
    let heading = ["time (ms)", "input"].map(String::from).into_iter().chain(states).chain([output.to_string()]);
    table.cells(heading.collect());
    let mut from = 0;
    for row in 1..=ROWS.min(steps) {
        let end = row * steps / ROWS.min(steps);
        let t = end - 1;
        let mut cells = vec![format!("{:.4}", simulation.time(t)), number(simulation.inputs[0].values[t])];
        cells.extend(simulation.states.iter().map(|state| number(state[t])));
        cells.push(match simulation.is_spiking() {
            true => simulation.output[from..end].iter().filter(|&&x| x != 0.0).count().to_string(),
            false => number(simulation.output[t]),
        });
        table.cells(cells);
        from = end;
    }
    table
}

/// Four digits, and no longer than that.
fn number(value: f32) -> String {
    match value.abs() {
        0.0 => "0".to_string(),
        size if (1e-3..1e5).contains(&size) => format!("{value:.4}"),
        _ => format!("{value:.3e}"),
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(table) = &self.table {
            writeln!(f, "{table}")?;
        }
        let mut facts = Table::default();
        let mut fact = |name: &str, value: String| facts.row([name.to_string(), value]);
        fact("model", format!("{}, {}", self.model, self.about));
        fact("steps", format!("{} of {} ms", self.steps, self.dt));
        if let Some(spikes) = &self.spikes {
            let known = |value: Option<f64>, text: fn(f64) -> String| value.map_or_else(|| "-".to_string(), text);
            fact("spikes", spikes.count.to_string());
            fact("rate", format!("{:.2} Hz", spikes.rate));
            fact("mean ISI", known(spikes.mean_interval, |ms| format!("{ms:.3} ms")));
            fact("CV", known(spikes.variation, |cv| format!("{cv:.3}")));
        }
        if let Some(Range { mean, minimum, maximum }) = &self.output {
            fact("output", format!("mean {mean:.4}, {minimum:.4} to {maximum:.4}"));
        }
        for file in &self.files {
            fact("written", file.display().to_string());
        }
        write!(f, "{facts}")
    }
}
