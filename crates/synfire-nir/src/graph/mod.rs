//! Graphs of nodes.

mod check;
mod cycle;
mod file;
mod inline;
mod repair;
mod shapes;
mod summary;

pub use shapes::NodeShapes;
pub use summary::{NodeSummary, ParameterSummary, Summary};

use crate::{Group, Node, NodeKind};
use std::collections::BTreeMap;

/// A connection: the output of a node is an input of another. Several inputs of a node are added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Name of the node that sends.
    pub from: String,
    /// Name of the node that receives.
    pub to: String,
}

/// A network: nodes by name, and the connections among them in any order. Cycles are allowed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Nodes by name. A name may hold anything but `/`.
    pub nodes: BTreeMap<String, Node>,
    /// Connections.
    pub edges: Vec<Edge>,
    /// Facts that running the graph does not need.
    pub metadata: Group,
    /// Version of the program that wrote the file, of the outermost graph.
    pub version: Option<String>,
}

impl Edge {
    /// A connection between two nodes, by name.
    #[must_use]
    pub fn new(from: &str, to: &str) -> Self {
        Edge { from: from.to_string(), to: to.to_string() }
    }
}

impl Graph {
    /// Nodes one after the other.
    #[must_use]
    pub fn chain(nodes: Vec<(&str, NodeKind)>) -> Self {
        let edges = nodes.windows(2).map(|pair| Edge::new(pair[0].0, pair[1].0)).collect();
        let nodes = nodes.into_iter().map(|(name, kind)| (name.to_string(), kind.into())).collect();
        Graph { nodes, edges, ..Graph::default() }
    }

    /// Adds a node.
    pub fn insert(&mut self, name: &str, node: impl Into<Node>) {
        self.nodes.insert(name.to_string(), node.into());
    }

    /// Adds a connection.
    pub fn connect(&mut self, from: &str, to: &str) {
        self.edges.push(Edge::new(from, to));
    }

    /// Names of the nodes that send to each node, in the order of the edges.
    #[must_use]
    pub fn senders(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut senders: BTreeMap<&str, Vec<&str>> = self.nodes.keys().map(|name| (name.as_str(), vec![])).collect();
        for edge in &self.edges {
            senders.entry(&edge.to).or_default().push(&edge.from);
        }
        senders
    }

    /// Names of the nodes that each node sends to, in the order of the edges.
    #[must_use]
    pub fn receivers(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut receivers: BTreeMap<&str, Vec<&str>> = self.nodes.keys().map(|name| (name.as_str(), vec![])).collect();
        for edge in &self.edges {
            receivers.entry(&edge.from).or_default().push(&edge.to);
        }
        receivers
    }
}
