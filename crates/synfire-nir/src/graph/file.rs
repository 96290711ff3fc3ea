//! Graphs to and from files.

use super::{Edge, Graph};
use crate::node::Source;
use crate::{Array, Group, NirError, Node, NodeKind, Value, hdf5, save};
use std::path::Path;

/// Version of the reference implementation whose files are written.
const VERSION: &str = "1.0.8";
/// Name of a graph as a node, in files and messages.
const GRAPH: &str = "NIRGraph";

impl Graph {
    /// Reads a file: whatever NIR 0.1 to 1.0 wrote.
    ///
    /// Only the fields of each node are looked at; see [`check`](Self::check) for the connections.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is no whole HDF5 file, or a field of a node is missing, of another kind or unknown.
    pub fn read(path: &Path) -> Result<Self, NirError> {
        let bytes = std::fs::read(path).map_err(NirError::io("read", path))?;
        Graph::from_bytes(bytes).map_err(|error| error.within(path))
    }

    /// As [`read`](Self::read), from the bytes of a file.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, NirError> {
        let file = hdf5::decode(bytes)?;
        let Some(group) = file.groups.get("node") else {
            let expected = "the group `node` with a graph; is it a file of recorded activity, or of another program?";
            return Err(NirError::field("graph", "node", "is missing", expected));
        };
        let mut graph = graph("graph", "", group)?;
        graph.version = match file.values.get("version") {
            Some(Value::Text(version)) => Some(version.clone()),
            _ => None,
        };
        Ok(graph)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check).
    pub fn to_bytes(&self) -> Result<Vec<u8>, NirError> {
        self.check()?;
        let mut file = Group::default().with("version", self.version.as_deref().unwrap_or(VERSION));
        file.groups.insert("node".to_string(), self.to_group());
        hdf5::encode(&file)
    }

    /// Writes a file, whole or not at all.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check), or if the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), NirError> {
        let bytes = self.to_bytes().map_err(|error| error.within(path))?;
        save::whole(path, &bytes)
    }

    /// The graph as a group of a file.
    pub(crate) fn to_group(&self) -> Group {
        let texts = self.edges.iter().flat_map(|edge| [edge.from.clone(), edge.to.clone()]).collect();
        let mut group =
            Group::default().with("type", GRAPH).with("edges", Value::Texts(vec![self.edges.len(), 2], texts));
        let nodes = self.nodes.iter().map(|(name, node)| (name.clone(), node.to_group())).collect();
        group.groups.insert("nodes".to_string(), Group { groups: nodes, ..Group::default() });
        with_metadata(group, &self.metadata)
    }
}

impl Node {
    fn to_group(&self) -> Group {
        with_metadata(self.kind.write().with("type", self.kind.name()), &self.metadata)
    }
}

fn with_metadata(mut group: Group, metadata: &Group) -> Group {
    if !metadata.is_empty() {
        group.groups.insert("metadata".to_string(), metadata.clone());
    }
    group
}

/// A graph out of its group; `path` is that of its nodes, empty or with a dot at the end.
fn graph(name: &str, path: &str, group: &Group) -> Result<Graph, NirError> {
    let source = Source { node: name, group };
    match source.text("type", "the text `NIRGraph`")? {
        GRAPH => {}
        other => {
            let found = format!("is `{}`", crate::group::shortened(other));
            return Err(source.error(
                "type",
                found,
                "`NIRGraph`: put the node into a graph with an input and an output",
            ));
        }
    }
    let Some(nodes) = group.groups.get("nodes") else {
        return Err(source.error("nodes", "is missing", "a group with the nodes"));
    };
    let node = |(name, group): (&String, &Group)| {
        let place = format!("{path}{name}");
        let source = Source { node: &place, group };
        let metadata = group.groups.get("metadata").cloned().unwrap_or_default();
        let kind = match source.text("type", "the name of a type of node")? {
            // metadata of a graph as a node are the graph's
            GRAPH => {
                let graph = self::graph(&place, &format!("{place}."), group)?;
                return Ok((name.clone(), NodeKind::Graph(graph).into()));
            }
            kind => NodeKind::read(kind, source)?,
        };
        Ok((name.clone(), Node { kind, metadata }))
    };
    Ok(Graph {
        nodes: nodes.groups.iter().map(node).collect::<Result<_, NirError>>()?,
        edges: edges(source)?,
        metadata: group.groups.get("metadata").cloned().unwrap_or_default(),
        version: None,
    })
}

fn edges(source: Source) -> Result<Vec<Edge>, NirError> {
    let expected = "texts of shape [edges, 2]: the names of the sending and the receiving node";
    match source.value("edges") {
        Some(Value::Texts(shape, texts)) if matches!(shape[..], [_, 2]) => {
            Ok(texts.chunks_exact(2).map(|pair| Edge::new(&pair[0], &pair[1])).collect())
        }
        // a list without elements has no type in numpy but that of numbers
        Some(Value::Numbers(array)) if Array::is_empty(array) => Ok(vec![]),
        Some(Value::Texts(_, texts)) if texts.is_empty() => Ok(vec![]),
        Some(other) => Err(source.error("edges", format!("is {}", other.describe()), expected)),
        None => Err(source.error("edges", "is missing", expected)),
    }
}
