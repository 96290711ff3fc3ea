//! Faults of known exporters.

use super::{Edge, Graph};
use crate::NodeKind;
use std::collections::BTreeSet;

impl Graph {
    /// Mends what exporters are known to get wrong, and says what it did, a line each:
    ///
    /// - edges that name a node which is not there, where exactly one node has no edges (the nested Braille network of the
    ///   NIR paper calls the node `lif1` and connects `lif`);
    /// - the edge of a nested graph from its input to the connections of a layer with itself, beside the one to the neurons
    ///   (snnTorch writes it and ignores it): the layer's input is no spike of its own.
    pub fn repair(&mut self) -> Vec<String> {
        let mut done = vec![];
        self.repair_at("", &mut done);
        done
    }

    fn repair_at(&mut self, path: &str, done: &mut Vec<String>) {
        self.rename_lost_node(path, done);
        if !path.is_empty() {
            self.drop_input_to_own_connections(path, done);
        }
        for (name, node) in &mut self.nodes {
            if let NodeKind::Graph(graph) = &mut node.kind {
                graph.repair_at(&format!("{path}{name}."), done);
            }
        }
    }

    fn rename_lost_node(&mut self, path: &str, done: &mut Vec<String>) {
        let named: BTreeSet<String> = self.edges.iter().flat_map(|edge| [edge.from.clone(), edge.to.clone()]).collect();
        let lost: Vec<&String> = named.iter().filter(|name| !self.nodes.contains_key(*name)).collect();
        let alone: Vec<&String> = self.nodes.keys().filter(|name| !named.contains(*name)).collect();
        let (&[lost], &[alone]) = (&lost[..], &alone[..]) else { return };
        done.push(format!(
            "edges name `{path}{lost}`, which is not there; taken as `{path}{alone}`, the only node without edges"
        ));
        let (lost, alone) = (lost.clone(), alone.clone());
        for edge in &mut self.edges {
            for name in [&mut edge.from, &mut edge.to] {
                if *name == lost {
                    *name = alone.clone();
                }
            }
        }
    }

    fn drop_input_to_own_connections(&mut self, path: &str, done: &mut Vec<String>) {
        let kind = |name: &str| self.nodes.get(name).map(|node| &node.kind);
        let has = |from: &str, to: &str| self.edges.iter().any(|edge| edge.from == from && edge.to == to);
        let is_wrong = |edge: &Edge| {
            let from_input = matches!(kind(&edge.from), Some(NodeKind::Input(_)));
            let to_weights = matches!(kind(&edge.to), Some(NodeKind::Linear(_) | NodeKind::Affine(_)));
            let neurons = |name: &String| kind(name).is_some_and(NodeKind::has_memory);
            // the weights lead from the neurons to the neurons
            from_input && to_weights && self.nodes.keys().any(|n| neurons(n) && has(n, &edge.to) && has(&edge.to, n))
        };
        let wrong: Vec<Edge> = self.edges.iter().filter(|edge| is_wrong(edge)).cloned().collect();
        for edge in &wrong {
            let weights = self.edges.iter().find(|other| other.from == edge.to).map(|other| other.to.clone());
            let neurons = weights.unwrap_or_default();
            done.push(format!(
                "dropped the edge `{path}{}` -> `{path}{}`: these weights take the layer's own spikes",
                edge.from, edge.to
            ));
            let direct = Edge::new(&edge.from, &neurons);
            if !self.edges.contains(&direct) {
                self.edges.push(direct);
                done.push(format!("connected `{path}{}` -> `{path}{neurons}` in its place", edge.from));
            }
        }
        self.edges.retain(|edge| !wrong.contains(edge));
    }
}
