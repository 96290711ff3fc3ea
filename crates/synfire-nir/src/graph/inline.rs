//! Nested graphs taken apart.

use super::{Edge, Graph};
use crate::{NirError, Node, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

impl Graph {
    /// The same network without graphs as nodes: node `b` of the graph `a` is called `a.b`, and the ports of nested graphs are
    /// gone.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check), of the graph and of the result, or if a nested graph that is connected has not exactly one
    /// input or output.
    pub fn inlined(&self) -> Result<Graph, NirError> {
        self.check()?;
        let mut flat = Flat::default();
        flat.add(self, "")?;
        flat.remove_ports()?;
        let edges = flat.edges.into_iter().map(|(from, to)| Edge { from, to }).collect();
        let (metadata, version) = (self.metadata.clone(), self.version.clone());
        let graph = Graph { nodes: flat.nodes, edges, metadata, version };
        graph.check()?;
        Ok(graph)
    }
}

#[derive(Default)]
struct Flat {
    nodes: BTreeMap<String, Node>,
    edges: BTreeSet<(String, String)>,
    /// Ports of nested graphs.
    ports: Vec<String>,
}

impl Flat {
    fn add(&mut self, graph: &Graph, path: &str) -> Result<(), NirError> {
        for (name, node) in &graph.nodes {
            let place = format!("{path}{name}");
            let is_port = matches!(node.kind, NodeKind::Input(_) | NodeKind::Output(_));
            match &node.kind {
                NodeKind::Graph(inner) => self.add(inner, &format!("{place}."))?,
                _ if self.nodes.contains_key(&place) => {
                    let problem = "is there twice, in a nested graph and beside it";
                    return Err(NirError::graph(place, problem, "rename one of them"));
                }
                _ => drop(self.nodes.insert(place.clone(), node.clone())),
            }
            if is_port && !path.is_empty() {
                self.ports.push(place);
            }
        }
        for edge in &graph.edges {
            let from = end(graph, path, &edge.from, "output", |kind| matches!(kind, NodeKind::Output(_)))?;
            let to = end(graph, path, &edge.to, "input", |kind| matches!(kind, NodeKind::Input(_)))?;
            self.edges.insert((from, to));
        }
        Ok(())
    }

    /// Connects whoever sends to a port with whoever listens to it.
    fn remove_ports(&mut self) -> Result<(), NirError> {
        let most = 1024 + 16 * (self.nodes.len() + self.edges.len());
        let mut senders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut receivers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in &self.edges {
            senders.entry(to.clone()).or_default().insert(from.clone());
            receivers.entry(from.clone()).or_default().insert(to.clone());
        }
        let mut count = self.edges.len();
        for port in &self.ports {
            let (into, out) = (senders.remove(port).unwrap_or_default(), receivers.remove(port).unwrap_or_default());
            if into.contains(port) {
                return Err(NirError::graph(port, "is a port that is connected to itself", "take the edge out"));
            }
            for to in &out {
                senders.entry(to.clone()).or_default().remove(port);
            }
            for from in &into {
                let listening = receivers.entry(from.clone()).or_default();
                listening.remove(port);
                listening.extend(out.iter().cloned());
            }
            for to in &out {
                senders.entry(to.clone()).or_default().extend(into.iter().cloned());
            }
            count = count.saturating_add(into.len().saturating_mul(out.len()));
            if count > most {
                let problem = format!("connects {} nodes with {}", into.len(), out.len());
                return Err(NirError::graph(port, problem, "put a node that adds them in its place"));
            }
            self.nodes.remove(port);
        }
        self.edges =
            receivers.into_iter().flat_map(|(from, to)| to.into_iter().map(move |to| (from.clone(), to))).collect();
        Ok(())
    }
}

/// The node that an end of an edge means: of a nested graph its port.
fn end(
    graph: &Graph,
    path: &str,
    name: &str,
    port: &str,
    is_port: impl Fn(&NodeKind) -> bool,
) -> Result<String, NirError> {
    let mut place = format!("{path}{name}");
    let mut node = graph.nodes.get(name);
    while let Some(NodeKind::Graph(inner)) = node.map(|node| &node.kind) {
        let ports: Vec<&String> =
            inner.nodes.iter().filter(|(_, node)| is_port(&node.kind)).map(|(name, _)| name).collect();
        let [name] = ports[..] else {
            let problem =
                format!("has {} {port}s, and the edges of the graph around it do not tell which one", ports.len());
            return Err(NirError::graph(place, problem, format!("give it exactly one {port}")));
        };
        place = format!("{place}.{name}");
        node = inner.nodes.get(name);
    }
    Ok(place)
}
