//! Time constants before and after a training.

use super::plan::RunPlan;
use serde::Serialize;
use std::collections::BTreeMap;
use synfire::network::Network;

/// A time constant before and after, mean over its values.
#[derive(Serialize)]
pub(super) struct Change {
    before: f64,
    after: f64,
    unit: &'static str,
    learned: bool,
}

/// Changes of the time constants since `before`.
pub(super) fn changes(plan: &RunPlan, before: &[(String, f64)]) -> BTreeMap<String, Change> {
    let network = plan.training.model();
    let learned = |name: &str| plan.training.learning().iter().any(|p| p.name == name);
    let change = |((name, before), (_, after)): (&(String, f64), (String, f64))| {
        let change = Change { before: *before, after, unit: unit(&network, name), learned: learned(name) };
        (name.clone(), change)
    };
    before.iter().zip(plan.training.time_constants()).map(change).collect()
}

impl Change {
    /// `2.000 -> 4.213 steps`; nothing if it was not to learn.
    pub(super) fn text(&self) -> Option<String> {
        self.learned.then(|| format!("{:.3} -> {}", self.before, value(self.after, self.unit)))
    }
}

/// `4.213 steps`
pub(super) fn value(value: f64, unit: &str) -> String {
    format!("{value:.3} {unit}").trim_end().to_string()
}

/// Unit of the parameter `layers.1.tau_m`, as its model has it.
pub(super) fn unit(network: &Network, name: &str) -> &'static str {
    let mut parts = name.rsplitn(2, '.');
    let (parameter, layer) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let number = layer.strip_prefix("layers.").and_then(|number| number.parse::<usize>().ok());
    let neurons = number.and_then(|number| network.layers().get(number)).and_then(|node| node.neurons());
    neurons.and_then(|neurons| neurons.field(parameter)).map_or("", |field| field.unit)
}
