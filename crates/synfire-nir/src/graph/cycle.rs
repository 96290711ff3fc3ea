//! Cycles along which nothing waits.

use super::Graph;
use crate::NodeKind;
use std::collections::BTreeMap;

/// A node in a cycle of nodes without memory, if there is one. Graphs as nodes count as having some: what is in them shows
/// when they are taken apart.
pub(super) fn cycle_without_memory(graph: &Graph) -> Option<String> {
    let waits = |name: &str| {
        graph.nodes.get(name).is_none_or(|node| node.kind.has_memory() || matches!(node.kind, NodeKind::Graph(_)))
    };
    // nodes without memory that no such node sends to are taken out until there are none; those left are in cycles, or after one
    let edges: Vec<_> = graph.edges.iter().filter(|edge| !waits(&edge.from) && !waits(&edge.to)).collect();
    let mut senders: BTreeMap<&str, usize> = graph.nodes.keys().map(|name| (name.as_str(), 0)).collect();
    let mut receivers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in &edges {
        *senders.entry(&edge.to).or_default() += 1;
        receivers.entry(&edge.from).or_default().push(&edge.to);
    }
    let mut free: Vec<&str> = senders.iter().filter(|&(_, &count)| count == 0).map(|(&name, _)| name).collect();
    while let Some(name) = free.pop() {
        senders.remove(name);
        for &receiver in receivers.get(name).map_or(&[][..], Vec::as_slice) {
            if let Some(count) = senders.get_mut(receiver) {
                *count -= 1;
                if *count == 0 {
                    free.push(receiver);
                }
            }
        }
    }
    senders.keys().next().map(|name| (*name).to_string())
}
