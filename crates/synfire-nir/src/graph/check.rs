//! Checks of a graph before it is used or written.

use super::Graph;
use super::cycle::cycle_without_memory;
use crate::{NirError, NodeKind};
use std::collections::BTreeSet;

impl Graph {
    /// Refuses a graph that is no network: connections with nodes that are not there, connections twice, parameters that do
    /// not go together or are out of their range, cycles along which nothing waits for the next step.
    ///
    /// # Errors
    ///
    /// The first fault, with the node.
    pub fn check(&self) -> Result<(), NirError> {
        self.check_at("")
    }

    fn check_at(&self, path: &str) -> Result<(), NirError> {
        if self.nodes.is_empty() {
            let name = if path.is_empty() { "graph" } else { path.trim_end_matches('.') };
            return Err(NirError::graph(name, "has no nodes", "export a network with at least an input and an output"));
        }
        for (name, node) in &self.nodes {
            let place = format!("{path}{name}");
            if name.is_empty() || name.contains(['/', '\0']) || name == "." {
                let cure = "give it a name with at least one letter or digit and without `/`";
                return Err(NirError::graph(place, "has a name that files cannot hold", cure));
            }
            node.kind.check(&place)?;
            if let NodeKind::Graph(graph) = &node.kind {
                graph.check_at(&format!("{place}."))?;
            }
        }
        let mut seen = BTreeSet::new();
        for edge in &self.edges {
            for (name, end) in [(&edge.from, "sends"), (&edge.to, "receives")] {
                if !self.nodes.contains_key(name) {
                    let place = format!("{path}{}", crate::group::shortened(name));
                    let problem = format!("{end} in an edge `{}` -> `{}`, but is not there", edge.from, edge.to);
                    return Err(NirError::graph(place, problem, "take the edge out, or export the graph again"));
                }
            }
            if !seen.insert(edge) {
                let place = format!("{path}{}", edge.from);
                let problem = format!("is connected to `{}` twice", edge.to);
                return Err(NirError::graph(
                    place,
                    problem,
                    "keep one of the edges, and double the weights if both are meant",
                ));
            }
        }
        match cycle_without_memory(self) {
            None => Ok(()),
            Some(name) => Err(NirError::graph(
                format!("{path}{name}"),
                "is in a cycle without a neuron or a delay, so that its input is its own output of the same instant",
                "put a Delay node into the cycle",
            )),
        }
    }
}
