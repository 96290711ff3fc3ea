//! Listings of a graph.

use super::Graph;
use crate::{Element, NirError, NodeKind};
use serde::Serialize;

/// A graph at a glance, as JSON has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Version of the program that wrote the file.
    pub version: Option<String>,
    /// Nodes by path, those of nested graphs among them.
    pub nodes: Vec<NodeSummary>,
    /// Connections, each the path of the sending and of the receiving node.
    pub edges: Vec<[String; 2]>,
}

/// A node at a glance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeSummary {
    /// Path of the node.
    pub name: String,
    /// Type of the node.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Shape of the input, without batch and time.
    pub input: Vec<usize>,
    /// Shape of the output.
    pub output: Vec<usize>,
    /// Numbers among the parameters.
    pub parameters: Vec<ParameterSummary>,
    /// Other settings, as `stride = [2, 2]`.
    pub settings: Vec<String>,
}

/// A parameter at a glance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParameterSummary {
    /// Name of the field.
    pub name: &'static str,
    /// Shape of the values, `[]` of a single one.
    pub shape: Vec<usize>,
    /// Type of the values.
    pub element: Element,
    /// Smallest and largest value.
    pub range: Option<[f64; 2]>,
}

impl Graph {
    /// Nodes with their shapes and parameters, and connections, of a graph without nested ones.
    ///
    /// # Errors
    ///
    /// As [`shapes`](Self::shapes).
    pub fn summary(&self) -> Result<Summary, NirError> {
        let shapes = self.shapes()?;
        let node = |(name, shapes): (String, super::NodeShapes)| {
            let kind = &self.nodes.get(&name)?.kind;
            let parameters = kind.parameters().into_iter().map(|(name, array)| ParameterSummary {
                name,
                shape: array.shape().to_vec(),
                element: array.element(),
                range: array.range(),
            });
            Some(NodeSummary {
                kind: kind.name(),
                input: shapes.input,
                output: shapes.output,
                parameters: parameters.collect(),
                settings: settings(kind),
                name,
            })
        };
        Ok(Summary {
            version: self.version.clone(),
            nodes: shapes.into_iter().filter_map(node).collect(),
            edges: self.edges.iter().map(|edge| [edge.from.clone(), edge.to.clone()]).collect(),
        })
    }
}

fn settings(kind: &NodeKind) -> Vec<String> {
    match kind {
        NodeKind::Conv1d(conv) => convolution(conv.stride, conv.padding, conv.dilation, conv.groups),
        NodeKind::Conv2d(conv) => convolution(conv.stride, conv.padding, conv.dilation, conv.groups),
        NodeKind::SumPool2d(pool) | NodeKind::AvgPool2d(pool) => vec![
            format!("kernel_size = {:?}", pool.kernel_size),
            format!("stride = {:?}", pool.stride),
            format!("padding = {:?}", pool.padding),
        ],
        NodeKind::Flatten(flatten) => {
            vec![format!("start_dim = {}", flatten.start_dim), format!("end_dim = {}", flatten.end_dim)]
        }
        _ => vec![],
    }
}

fn convolution<const AXES: usize>(
    stride: [usize; AXES],
    padding: crate::Padding<AXES>,
    dilation: [usize; AXES],
    groups: usize,
) -> Vec<String> {
    let padding = match padding {
        crate::Padding::Amount(amount) => format!("{amount:?}"),
        crate::Padding::Same => "\"same\"".to_string(),
        crate::Padding::Valid => "\"valid\"".to_string(),
    };
    vec![
        format!("stride = {stride:?}"),
        format!("padding = {padding}"),
        format!("dilation = {dilation:?}"),
        format!("groups = {groups}"),
    ]
}
