//! Shapes of all values of a network.

use super::Graph;
use crate::{NirError, NodeKind};
use std::collections::BTreeMap;

/// Shapes of a sample before and after a node, without batch and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeShapes {
    /// Shape of the input.
    pub input: Vec<usize>,
    /// Shape of the output.
    pub output: Vec<usize>,
}

impl Graph {
    /// Shapes before and after every node of a graph without nested ones, from the inputs and the parameters.
    ///
    /// Shapes of inputs and outputs may have leading axes of size 1 more than what they are connected to: Norse 1.1.0 writes
    /// the batch, Rockpool the time.
    ///
    /// # Errors
    ///
    /// If two shapes do not fit, or nothing tells one.
    pub fn shapes(&self) -> Result<BTreeMap<String, NodeShapes>, NirError> {
        let mut known = Known { graph: self, receivers: self.receivers(), shapes: BTreeMap::new() };
        for (name, node) in &self.nodes {
            if !matches!(node.kind, NodeKind::Input(_) | NodeKind::Output(_))
                && let Some(input) = node.kind.input_shape()
            {
                known.tell(name, input)?;
            }
        }
        for (name, node) in &self.nodes {
            if let NodeKind::Input(port) = &node.kind {
                let taken = known.receivers[name.as_str()].iter().find_map(|to| known.shapes.get(to));
                let taken = taken.map(|shapes| shapes.input.clone()).filter(|shape| same_values(shape, &port.shape));
                known.tell(name, taken.unwrap_or_else(|| port.shape.clone()))?;
            }
        }
        for (name, node) in &self.nodes {
            if let NodeKind::Output(port) = &node.kind {
                known.tell(name, port.shape.clone())?;
            }
        }
        let shapes = known.shapes;
        if let Some(name) = self.nodes.keys().find(|name| !shapes.contains_key(name.as_str())) {
            let cure = "connect it with an input, or give its parameters the shape of a sample";
            return Err(NirError::graph(name, "is of a shape that nothing tells", cure));
        }
        self.check_shapes(&shapes)?;
        Ok(shapes.into_iter().map(|(name, shapes)| (name.to_string(), shapes)).collect())
    }

    fn check_shapes(&self, shapes: &BTreeMap<&str, NodeShapes>) -> Result<(), NirError> {
        for edge in &self.edges {
            let (from, to) = (&shapes[edge.from.as_str()].output, &shapes[edge.to.as_str()].input);
            if from != to {
                let problem = format!("takes the shape {to:?} and is given {from:?} by `{}`", edge.from);
                return Err(NirError::graph(&edge.to, problem, "make the shapes the same"));
            }
        }
        for (name, node) in &self.nodes {
            let found = &shapes[name.as_str()].input;
            if let NodeKind::Input(port) | NodeKind::Output(port) = &node.kind
                && !same_values(found, &port.shape)
            {
                let expected = format!("{found:?}, as it is connected");
                return Err(NirError::field(name, "shape", format!("is {:?}", port.shape), expected));
            }
        }
        Ok(())
    }
}

/// Whether shapes differ in leading axes of size 1 only.
fn same_values(a: &[usize], b: &[usize]) -> bool {
    let axes =
        |shape: &[usize]| shape.iter().position(|&size| size != 1).map_or(vec![], |first| shape[first..].to_vec());
    axes(a) == axes(b)
}

/// The shapes found so far.
struct Known<'a> {
    graph: &'a Graph,
    receivers: BTreeMap<&'a str, Vec<&'a str>>,
    shapes: BTreeMap<&'a str, NodeShapes>,
}

impl<'a> Known<'a> {
    /// Takes down the input of a node, and what follows from it for the nodes that nothing is known of.
    fn tell(&mut self, name: &'a str, input: Vec<usize>) -> Result<(), NirError> {
        let mut found = vec![(name, input)];
        while let Some((name, input)) = found.pop() {
            let Some(node) = self.graph.nodes.get(name).filter(|_| !self.shapes.contains_key(name)) else { continue };
            let output = node.kind.output_shape(&input);
            let output = output.map_err(|problem| NirError::graph(name, problem, "make the shapes fit"))?;
            // what its own parameters tell is compared at the end
            let unknown = |to: &&&str| {
                let kind = self.graph.nodes.get(**to).map(|node| &node.kind);
                kind.is_some_and(|kind| matches!(kind, NodeKind::Output(_)) || kind.input_shape().is_none())
            };
            found.extend(self.receivers[name].iter().filter(unknown).map(|&to| (to, output.clone())));
            self.shapes.insert(name, NodeShapes { input, output });
        }
        Ok(())
    }
}
