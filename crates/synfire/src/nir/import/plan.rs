//! The layers that the nodes of a graph become, before anything is built.

use super::{ImportOptions, kinds};
use crate::Error;
use crate::nir::{Graph, NodeKind, NodeShapes, Report, ReportLine};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A layer to be.
#[derive(Debug)]
pub(super) struct Layer {
    /// Name of its node.
    pub(super) node: String,
    /// Type of its node.
    pub(super) kind: &'static str,
    /// Keys of the description.
    pub(super) keys: Map<String, Value>,
    /// Indices of the layers that it listens to; none of the samples.
    pub(super) inputs: Vec<Option<usize>>,
    /// Values of parameters by name, where they are not in `keys`.
    pub(super) values: BTreeMap<&'static str, Values>,
    /// Factors of its input that its node asks for and the layer does not have.
    pub(super) factor: Factor,
    /// Whether a factor of its output can be taken by its weights, or passed on to those before it.
    pub(super) carries: Carries,
    /// Shape of a sample after the layer.
    pub(super) output: Vec<usize>,
    /// Facts for the report.
    pub(super) notes: Vec<String>,
}

/// Values of a parameter, axes in PyTorch's order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Values {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f64>,
}

/// Factors of the inputs of a layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Factor {
    /// One for all.
    Same(f64),
    /// One for each value.
    Each(Vec<f64>),
}

/// Use that a layer can make of a factor of its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carries {
    /// Nothing.
    No,
    /// Its weights take one for each of its outputs, or of its channels.
    Outputs,
    /// One for all can be taken by what comes before.
    On,
}

/// All layers, each after those that it listens to but for the way back of a cycle.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) layers: Vec<Layer>,
    /// Shape of the samples.
    pub(super) input: Vec<usize>,
}

impl Plan {
    pub(super) fn of(
        graph: &Graph,
        shapes: &BTreeMap<String, NodeShapes>,
        options: &ImportOptions,
        report: &mut Report,
    ) -> Result<Self, Error> {
        let (input, output) = (port(graph, true)?, port(graph, false)?);
        let own = own_connections(graph);
        let senders: BTreeMap<&str, Vec<&str>> = graph.senders();
        let order = order(graph, input, &own);
        let mut plan = Plan { layers: vec![], input: shapes[input].output.clone() };
        let mut index: BTreeMap<&str, Option<usize>> = BTreeMap::from([(input, None)]);
        let mut back = vec![];
        for &name in &order {
            if name == input || own.contains_key(name) {
                continue;
            }
            let mut layer = match &graph.nodes[name].kind {
                NodeKind::Output(_) => kinds::identity(name, "Output", &shapes[name].output),
                kind => kinds::layer(name, kind, &shapes[name], options)?,
            };
            for (weights, neurons) in own.iter().filter(|(_, neurons)| **neurons == name) {
                kinds::connect_to_itself(&mut layer, &graph.nodes[*weights].kind);
                report.lines.push(ReportLine {
                    from: (*weights).to_string(),
                    kind: graph.nodes[*weights].kind.name().to_string(),
                    became: format!("the connections of `{neurons}` to itself, one step later"),
                    notes: vec![],
                });
            }
            for &sender in senders[name].iter().filter(|sender| !own.contains_key(**sender)) {
                match index.get(sender) {
                    Some(&known) => layer.inputs.push(known),
                    None => back.push((sender, plan.layers.len())),
                }
            }
            if layer.inputs.is_empty() && !back.iter().any(|&(_, to)| to == plan.layers.len()) {
                let problem = "has no input; connect it, or take it out";
                return Err(Error::config(format!("node `{name}`"), problem));
            }
            index.insert(name, Some(plan.layers.len()));
            plan.layers.push(layer);
        }
        for (sender, to) in back {
            plan.close_cycle(sender, index.get(sender).copied().flatten(), to)?;
        }
        plan.end_with(index.get(output).copied().flatten(), output)?;
        Ok(plan)
    }

    /// Connects a layer with one after it in the order: what it sends arrives a step later, unless it is a delay.
    fn close_cycle(&mut self, sender: &str, from: Option<usize>, to: usize) -> Result<(), Error> {
        let Some(from) = from else {
            return Err(Error::config(
                format!("node `{sender}`"),
                "is not reached from the input; connect it, or take it out",
            ));
        };
        if !self.is_reached_at_once(from, to) {
            self.layers[to].inputs.push(Some(from));
            return Ok(());
        }
        let name = format!("{sender} back to {}", self.layers[to].node);
        let mut back = kinds::identity(&name, "cycle", &self.layers[from].output.clone());
        back.keys.insert("delay".to_string(), 1.into());
        back.inputs = vec![Some(from)];
        back.notes.push("NIR does not tell when a cycle arrives: one step later".to_string());
        self.layers.push(back);
        let last = self.layers.len() - 1;
        self.layers[to].inputs.push(Some(last));
        Ok(())
    }

    /// Whether there is a way from `to` to `from` without a delay.
    fn is_reached_at_once(&self, from: usize, to: usize) -> bool {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(layer) = open.pop() {
            if layer == to {
                return true;
            }
            if seen.insert(layer) && !self.layers[layer].keys.contains_key("delay") {
                open.extend(self.layers[layer].inputs.iter().flatten());
            }
        }
        false
    }

    /// Makes the layer that the output listens to the last one.
    fn end_with(&mut self, output: Option<usize>, name: &str) -> Result<(), Error> {
        let Some(output) = output else {
            return Err(Error::config(format!("node `{name}`"), "is not reached from the input; connect it"));
        };
        // the output is needed as a layer only where several nodes are added, or others come after
        let is_plain = output + 1 == self.layers.len() && self.layers[output].inputs[..] == [output.checked_sub(1)];
        if is_plain && output > 0 {
            self.layers.truncate(output);
            return Ok(());
        }
        let mut end = self.layers.remove(output);
        for layer in &mut self.layers {
            for input in layer.inputs.iter_mut().flatten() {
                *input -= usize::from(*input > output);
            }
        }
        for input in end.inputs.iter_mut().flatten() {
            *input -= usize::from(*input > output);
        }
        self.layers.push(end);
        Ok(())
    }

    /// Layers that listen to a layer.
    pub(super) fn listeners(&self, layer: usize) -> Vec<usize> {
        let listens = |to: &usize| self.layers[*to].inputs.contains(&Some(layer));
        (0..self.layers.len()).filter(listens).collect()
    }

    /// Puts a layer between others and the one at `to`.
    pub(super) fn insert_before(&mut self, to: usize, mut layer: Layer) {
        for other in &mut self.layers {
            for input in other.inputs.iter_mut().flatten() {
                *input += usize::from(*input >= to);
            }
        }
        layer.inputs = std::mem::replace(&mut self.layers[to].inputs, vec![Some(to)]);
        self.layers.insert(to, layer);
    }
}

/// The only input or output of a graph.
fn port(graph: &Graph, is_input: bool) -> Result<&str, Error> {
    let fits = |kind: &NodeKind| match kind {
        NodeKind::Input(_) => is_input,
        NodeKind::Output(_) => !is_input,
        _ => false,
    };
    let ports: Vec<&str> =
        graph.nodes.iter().filter(|(_, node)| fits(&node.kind)).map(|(name, _)| name.as_str()).collect();
    match ports[..] {
        [one] => Ok(one),
        _ => {
            let kind = if is_input { "Input" } else { "Output" };
            let found = if ports.is_empty() { "none".to_string() } else { format!("`{}`", ports.join("`, `")) };
            Err(Error::config("graph", format!("has {found} of type {kind}; expected exactly one such node")))
        }
    }
}

/// Weights that take what neurons send and give it to the same neurons and to no others, with these neurons.
fn own_connections(graph: &Graph) -> BTreeMap<&str, &str> {
    let (senders, receivers) = (graph.senders(), graph.receivers());
    let mut taken = BTreeSet::new();
    let is_own = |(name, node): (&'_ String, &'_ crate::nir::Node)| {
        let weights = matches!(node.kind, NodeKind::Linear(_) | NodeKind::Affine(_) | NodeKind::Scale(_));
        match (&senders[name.as_str()][..], &receivers[name.as_str()][..]) {
            ([from], [to]) if weights && from == to && is_neurons(&graph.nodes[*to].kind) => Some(*to),
            _ => None,
        }
    };
    let mut own = BTreeMap::new();
    for (name, node) in &graph.nodes {
        // a second set of weights goes its own way
        if let Some(neurons) = is_own((name, node)).filter(|neurons| taken.insert(*neurons)) {
            own.insert(name.as_str(), neurons);
        }
    }
    own
}

/// Whether a type of node becomes a layer of neurons.
fn is_neurons(kind: &NodeKind) -> bool {
    kind.has_memory() && !matches!(kind, NodeKind::Delay(_))
}

/// The nodes, each after those that send to it but for the way back of a cycle: depth first from the input, then the rest.
fn order<'a>(graph: &'a Graph, input: &'a str, own: &BTreeMap<&str, &str>) -> Vec<&'a str> {
    let receivers = graph.receivers();
    let mut seen = BTreeSet::new();
    let mut finished = vec![];
    let starts = std::iter::once(input).chain(graph.nodes.keys().map(String::as_str));
    for start in starts {
        if !seen.insert(start) {
            continue;
        }
        // the way from the start, each with the receivers not yet gone to
        let mut way = vec![(start, receivers[start].clone())];
        while let Some((name, open)) = way.last_mut() {
            match open.pop() {
                Some(next) if own.contains_key(next) || !seen.insert(next) => {}
                Some(next) => way.push((next, receivers[next].clone())),
                None => {
                    finished.push(*name);
                    way.pop();
                }
            }
        }
    }
    finished.reverse();
    finished
}
