//! A simulation as a picture.

use super::{Picture, TracePanel, membrane_traces};
use crate::neuron::Simulation;

/// Values over time, and how they are called.
struct Row<'a> {
    role: Role,
    name: &'a str,
    about: &'a str,
    unit: &'a str,
    values: &'a [f32],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Input,
    /// The membrane potential, or else the first state there is.
    Potential,
    Other,
}

impl Row<'_> {
    /// Whether it is drawn: what stays the same all the time is said instead.
    fn is_drawn(&self) -> bool {
        self.role == Role::Potential || self.values.windows(2).any(|pair| pair[0] != pair[1])
    }

    /// `input current 0.2`, of one that stays the same.
    fn constant(&self) -> Option<String> {
        let value = self.values.first().filter(|_| !self.is_drawn())?;
        Some(
            format!("{} {value} {}", if self.role == Role::Input { self.about } else { self.name }, self.unit)
                .trim()
                .to_string(),
        )
    }

    /// `v (mV)`
    fn axis(&self) -> String {
        if self.unit.is_empty() { self.name.to_string() } else { format!("{} ({})", self.name, self.unit) }
    }
}

/// Draws one neuron over time: a low panel for each input that changes, one for each state that does, and for the output
/// of models that do not spike. The title has the inputs that stay the same, and how often the neuron fires.
#[must_use]
pub fn simulation(simulation: &Simulation) -> Picture {
    let rows = rows(simulation);
    let constant = |inputs: bool| -> Vec<String> {
        rows.iter().filter(|row| (row.role == Role::Input) == inputs).filter_map(Row::constant).collect()
    };
    let note = match constant(false) {
        others if others.is_empty() => String::new(),
        others => format!("constant: {}", others.join(", ")),
    };
    let title = title(simulation, &constant(true));
    let drawn: Vec<(&Row<'_>, String)> =
        rows.iter().filter(|row| row.is_drawn()).map(|row| (row, row.axis())).collect();
    let thresholds: Vec<f32> = simulation.threshold.into_iter().collect();
    let spikes = Some(simulation.output.as_slice()).filter(|_| simulation.is_spiking());
    let last = drawn.len().saturating_sub(1);
    let panels: Vec<TracePanel<'_>> = drawn
        .iter()
        .enumerate()
        .map(|(i, (row, axis))| TracePanel {
            name: row.about,
            axis,
            values: row.values,
            neurons: 1,
            spikes: spikes.filter(|_| row.role == Role::Potential),
            thresholds: if row.role == Role::Potential && row.name == "v" { &thresholds } else { &[] },
            note: if i == last { &note } else { "" },
            is_low: row.role == Role::Input,
            ..TracePanel::default()
        })
        .collect();
    membrane_traces(&title, &panels, simulation.dt as f32)
}

fn rows(simulation: &Simulation) -> Vec<Row<'_>> {
    let info = simulation.model;
    let mut rows = vec![];
    for (i, input) in simulation.inputs.iter().enumerate() {
        let field = info.inputs.iter().find(|field| field.name == input.name);
        let unit = match (i, field) {
            (0, _) => info.operating_point.current_unit,
            (_, Some(field)) => field.unit,
            _ => "",
        };
        let about = field.map_or(input.name.as_str(), |field| field.doc.trim());
        rows.push(Row { role: Role::Input, name: &input.name, about, unit, values: &input.values });
    }
    let potential = info.states.iter().position(|state| state.name == "v").unwrap_or(0);
    for (k, (state, values)) in info.states.iter().zip(&simulation.states).enumerate() {
        let role = if k == potential { Role::Potential } else { Role::Other };
        rows.push(Row { role, name: state.name, about: state.doc.trim(), unit: state.unit, values });
    }
    // a graded output that is one of the states is drawn already
    if !simulation.is_spiking() && simulation.states.iter().all(|values| *values != simulation.output) {
        rows.push(Row { role: Role::Other, name: "output", about: "output", unit: "", values: &simulation.output });
    }
    rows
}

/// `lif, input current 0.2: 12 spikes, 120 Hz`
fn title(simulation: &Simulation, inputs: &[String]) -> String {
    let mut title = [&[simulation.model.name.to_string()], inputs].concat().join(", ");
    if simulation.is_spiking() {
        let count = simulation.spike_times().len();
        let rate = simulation.rate();
        title += &match count {
            0 => ": no spikes".to_string(),
            1 => ": 1 spike".to_string(),
            _ => format!(": {count} spikes, {rate:.1} Hz"),
        };
    }
    title
}
