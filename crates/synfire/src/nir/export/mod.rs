//! From a checkpoint to a graph.

mod batch_norm;
mod layers;
mod neurons;
mod nodes;

use super::{Array, Edge, Graph, NodeKind, Port, Report, ReportLine, refused};
use crate::Error;
use crate::checkpoint::Checkpoint;
use crate::network::Network;
use burn::tensor::Device;
use nodes::Part;

/// Settings of an export.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExportOptions {
    /// Time step in seconds that a step of the network is in the file; the network's own if not given. snnTorch reads every
    /// file at 1e-4 s.
    pub dt: Option<f64>,
    /// Whether what NIR cannot say is refused, and not left out with a warning.
    pub strict: bool,
    /// Whether integrators without leak take impulses, `r = 1` as snnTorch and Norse want it; else `r = 1 / dt`, as NIR's
    /// equations and SpikingJelly have it.
    pub impulses: bool,
}

/// A graph that was exported.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The graph.
    pub graph: Graph,
    /// The node that every layer became.
    pub report: Report,
}

/// Makes a graph of a network, by the forward Euler pair: a decay of `beta` in a step is `tau = dt / (1 - beta)`.
///
/// Models that add their input as it is get `r = tau / dt`, and `w_in = tau_syn / dt`, as snnTorch writes them. Connections of
/// a layer to itself become a nested graph of `input`, `lif`, `w_rec` and `output`. Encoder and decoder stay behind: the input
/// of the graph is what the encoder makes. Metadata tell the time step and what NIR has no place for.
///
/// # Errors
///
/// [`Error::Config`] with the layer that no node is like; with `strict` also where a node says less than the layer: a reset
/// that subtracts, delays inside of a layer's connections to itself, initial states.
pub fn export(checkpoint: &Checkpoint, options: &ExportOptions) -> Result<Exported, Error> {
    let network = checkpoint.network(&Device::default())?;
    let config = network.config().clone();
    let dt = options.dt.unwrap_or_else(|| f64::from(config.dt) * 1e-3);
    if !(dt > 0.0 && dt.is_finite()) {
        return Err(Error::config("dt", format!("is {dt} s; expected a time step above 0, for example 1e-4")));
    }
    let mut exporter =
        Exporter { checkpoint, network: &network, dt, options, graph: Graph::default(), report: Report::default() };
    exporter.run()?;
    let Exporter { mut graph, report, .. } = exporter;
    let text = |text: &str| text.into();
    graph.metadata.values.extend([
        ("dt".to_string(), Array::double(dt).into()),
        ("exporter".to_string(), text(concat!("synfire ", env!("CARGO_PKG_VERSION")))),
        ("steps".to_string(), Array::integer(config.steps as i64).into()),
        ("encoder".to_string(), text(config.encoder.name())),
        ("decoder".to_string(), text(config.decoder.name())),
    ]);
    graph.inlined().and_then(|flat| flat.shapes()).map_err(refused)?;
    Ok(Exported { graph, report })
}

/// A graph in the making.
struct Exporter<'a> {
    checkpoint: &'a Checkpoint,
    network: &'a Network,
    dt: f64,
    options: &'a ExportOptions,
    graph: Graph,
    report: Report,
}

impl Exporter<'_> {
    fn run(&mut self) -> Result<(), Error> {
        let layers = self.network.layers();
        let listens = |i: &usize| nodes::senders(self.network.config(), *i).contains(&None);
        let shape = (0..layers.len()).find(listens).map_or(vec![], |i| layers[i].input_shape().dims().to_vec());
        self.graph.insert("input", NodeKind::Input(Port { shape }));
        // nodes that send what a layer sends, none yet of those it is not come to
        let names: Vec<String> = layers.iter().map(|node| self.name(node.path(), node.name())).collect();
        let mut ends: Vec<Part> = vec![];
        for (i, name) in names.iter().enumerate() {
            let mut part = self.layer(i, name)?;
            self.delay(i, &mut part)?;
            ends.push(part);
        }
        for i in 0..layers.len() {
            let Some(first) = ends[i].first.clone() else { continue };
            for sender in self.senders(i, &ends) {
                let edge = Edge { from: sender, to: first.clone() };
                if self.graph.edges.contains(&edge) {
                    let problem = "is given the same input twice, which NIR cannot say; take one out";
                    return Err(Error::config(format!("layers.{i}"), problem));
                }
                self.graph.edges.push(edge);
            }
        }
        let last = layers.len().saturating_sub(1);
        let shape = layers.last().map_or(vec![], |node| node.output_shape().dims().to_vec());
        self.graph.insert("output", NodeKind::Output(Port { shape }));
        for sender in self.senders_of_output(last, &ends) {
            self.graph.connect(&sender, "output");
        }
        Ok(())
    }

    /// A name for the nodes of a layer that files can hold.
    fn name(&self, path: &str, name: Option<&str>) -> String {
        let name = name.map_or_else(|| path.to_string(), |name| name.replace('/', "_"));
        match name.as_str() {
            "input" | "output" | "" | "." => format!("{path} {name}"),
            _ => name,
        }
    }

    /// Nodes that a layer listens to, through those that became none.
    fn senders(&self, layer: usize, ends: &[Part]) -> Vec<String> {
        let mut found = vec![];
        for input in nodes::senders(self.network.config(), layer) {
            match input {
                None => found.push("input".to_string()),
                Some(sender) => found.extend(self.senders_of_output(sender, ends)),
            }
        }
        found
    }

    fn senders_of_output(&self, layer: usize, ends: &[Part]) -> Vec<String> {
        match &ends[layer].last {
            Some(last) => vec![last.clone()],
            None => self.senders(layer, ends),
        }
    }

    /// Adds nodes one after the other.
    fn add(&mut self, nodes: Vec<(String, NodeKind)>) -> Part {
        let part = Part {
            first: nodes.first().map(|(name, _)| name.clone()),
            last: nodes.last().map(|(name, _)| name.clone()),
        };
        for pair in nodes.windows(2) {
            self.graph.connect(&pair[0].0, &pair[1].0);
        }
        for (name, kind) in nodes {
            self.graph.insert(&name, kind);
        }
        part
    }

    /// Puts a fact into the metadata of a node.
    fn remember(&mut self, node: &str, key: &str, value: &str) {
        if let Some(node) = self.graph.nodes.get_mut(node) {
            let metadata = match &mut node.kind {
                NodeKind::Graph(graph) => &mut graph.metadata,
                _ => &mut node.metadata,
            };
            metadata.values.insert(key.to_string(), value.into());
        }
    }

    /// Tells of a property that NIR cannot express: an error if strict, else a note.
    fn cannot_say(&self, layer: usize, what: &str, cure: &str, notes: &mut Vec<String>) -> Result<(), Error> {
        if self.options.strict {
            return Err(Error::config(format!("layers.{layer}"), format!("{what}, which NIR cannot say; {cure}")));
        }
        notes.push(format!("{what}, which NIR cannot say"));
        Ok(())
    }

    /// Values of a parameter of a layer, where it has it.
    fn stored(&self, layer: usize, name: &str) -> Option<Vec<f64>> {
        let path = format!("layers.{layer}.{name}");
        let stored = self.checkpoint.parameters.iter().find(|stored| stored.name == path)?;
        Some(stored.values.iter().map(|&value| f64::from(value)).collect())
    }

    fn tell(&mut self, layer: usize, kind: &str, became: &str, notes: Vec<String>) {
        let (from, kind, became) = (format!("layers.{layer}"), kind.to_string(), became.to_string());
        self.report.lines.push(ReportLine { from, kind, became, notes });
    }
}
