//! The table of a profile.

use crate::table::Table;
use serde::Serialize;
use std::fmt;
use synfire::profile::{LayerProfile, Profile};
use synfire::train::EarlyExit;

#[derive(Serialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    pub(super) profile: Profile,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) early_exit: Option<EarlyExit>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Profile { samples, steps, constants, layers, total, dense_macs, dense_energy_pj, latency } = &self.profile;
        let mut table = Table::new([
            "layer",
            "",
            "parameters",
            "state",
            "firing rate",
            "spikes",
            "ACs",
            "MACs",
            "updates",
            "energy",
        ]);
        for layer in layers.iter().chain([total]) {
            table.cells(cells(layer));
        }
        write!(f, "{table}")?;
        writeln!(f)?;
        writeln!(f, "per sample, mean of {samples}, {steps} steps; firing rate in spikes per neuron and step")?;
        writeln!(
            f,
            "energy   {} pJ per AC, {} pJ per MAC, {} pJ per update; without memory",
            constants.ac_pj, constants.mac_pj, constants.update_pj
        )?;
        writeln!(
            f,
            "dense    {} MACs, {} for the same connections without spikes",
            count(*dense_macs),
            energy(*dense_energy_pj)
        )?;
        if let (Some(first), Some(ms)) = (latency.first_spike_steps, latency.first_spike_ms) {
            let silent = match latency.silent_samples {
                0 => String::new(),
                silent => format!("; {silent} samples without any"),
            };
            writeln!(f, "answer   first spike of the last layer at step {first:.2}, {ms:.2} ms{silent}")?;
        }
        if let Some(early) = &self.early_exit {
            let EarlyExit { confidence, mean_steps, accuracy, .. } = early;
            writeln!(
                f,
                "exit     at a probability of {confidence}: step {mean_steps:.2}, accuracy {:.2} %",
                accuracy * 100.0
            )?;
        }
        write!(f, "compute  {:.3} ms for a sample alone, on this machine", latency.compute_ms)
    }
}

fn cells(layer: &LayerProfile) -> Vec<String> {
    let LayerProfile {
        name, about, parameters, spikes, firing_rate, acs, macs, updates, state_bytes, energy_pj, ..
    } = layer;
    let number = |x: f64| if x == 0.0 { "-".to_string() } else { count(x) };
    vec![
        name.clone(),
        about.clone(),
        number(*parameters as f64),
        if *state_bytes == 0 { "-".to_string() } else { format!("{state_bytes} B") },
        firing_rate.map_or_else(|| "-".to_string(), |rate| format!("{rate:.4}")),
        spikes.map_or_else(|| "-".to_string(), count),
        number(*acs),
        number(*macs),
        number(*updates),
        energy(*energy_pj),
    ]
}

/// `1203.4`; `1.2034 M` from a million on.
fn count(x: f64) -> String {
    match x {
        1e6.. => format!("{:.4} M", x / 1e6),
        _ if x.fract() == 0.0 => format!("{x}"),
        _ => format!("{x:.1}"),
    }
}

fn energy(pj: f64) -> String {
    match pj {
        1e6.. => format!("{:.3} uJ", pj / 1e6),
        _ => format!("{:.3} nJ", pj / 1e3),
    }
}
