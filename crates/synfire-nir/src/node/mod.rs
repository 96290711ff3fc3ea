//! The types of nodes: a record each, with its fields in files, its checks and its shapes.

mod conv;
mod elementwise;
mod flatten;
mod neuron;
mod pool;
mod port;
mod source;
mod weights;

pub use conv::{Conv, Conv1d, Conv2d, Padding};
pub use elementwise::{Delay, Scale, Threshold};
pub use flatten::Flatten;
pub use neuron::{CubaLi, CubaLif, If, Integrator, Li, Lif};
pub use pool::Pool2d;
pub use port::Port;
pub(crate) use source::Source;
pub use weights::{Affine, Linear};

use crate::{Array, Graph, Group, NirError};

/// A node of a [`Graph`]: its type with the parameters, and what else was said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Type and parameters.
    pub kind: NodeKind,
    /// Facts that running the graph does not need.
    pub metadata: Group,
}

/// Fields of a type of node, to and from a file.
pub(crate) trait Fields: Sized {
    /// All names of fields.
    const NAMES: &'static [&'static str];

    fn read(source: Source) -> Result<Self, NirError>;

    fn write(&self) -> Group;

    /// Refuses parameters that do not go together or are out of their range; `node` is the path to name.
    fn check(&self, node: &str) -> Result<(), NirError>;

    /// Parameters that are numbers, with their names.
    fn parameters(&self) -> Vec<(&'static str, &Array)>;

    /// Shape of the input as far as the parameters tell it.
    fn input(&self) -> Option<Vec<usize>>;

    /// Shape of the output for an input of this shape, or why that does not fit.
    fn output(&self, input: &[usize]) -> Result<Vec<usize>, String>;
}

macro_rules! node_kinds {
    ($( $(#[$doc:meta])* $kind:ident($record:ty) = $name:literal, )*) => {
        /// The types of nodes of NIR with their parameters.
        #[derive(Clone, Debug, PartialEq)]
        pub enum NodeKind {
            $( $(#[$doc])* $kind($record), )*
            /// A graph as a node, for layers that are connected to themselves.
            Graph(Graph),
        }

        impl NodeKind {
            /// Names of all types in files, but for that of graphs.
            pub const NAMES: &[&str] = &[$($name),*];

            /// Name of the type in files.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $( NodeKind::$kind(_) => $name, )*
                    NodeKind::Graph(_) => "NIRGraph",
                }
            }

            /// Numbers among the parameters, with the names of their fields.
            #[must_use]
            pub fn parameters(&self) -> Vec<(&'static str, &Array)> {
                match self {
                    $( NodeKind::$kind(record) => Fields::parameters(record), )*
                    NodeKind::Graph(_) => vec![],
                }
            }

            pub(crate) fn read(kind: &str, source: Source) -> Result<Self, NirError> {
                match kind {
                    $( $name => {
                        source.only(<$record as Fields>::NAMES)?;
                        Fields::read(source).map(NodeKind::$kind)
                    } )*
                    other => Err(source.error(
                        "type",
                        format!("is `{}`", crate::group::shortened(other)),
                        format!("one of {}, NIRGraph", NodeKind::NAMES.join(", ")),
                    )),
                }
            }

            pub(crate) fn write(&self) -> Group {
                match self {
                    $( NodeKind::$kind(record) => Fields::write(record), )*
                    NodeKind::Graph(graph) => graph.to_group(),
                }
            }

            /// Refuses parameters that do not go together or are out of their range.
            pub(crate) fn check(&self, node: &str) -> Result<(), NirError> {
                match self {
                    $( NodeKind::$kind(record) => Fields::check(record, node), )*
                    NodeKind::Graph(_) => Ok(()),
                }
            }

            /// Shape of the input as far as the parameters tell it, without batch and time.
            #[must_use]
            pub fn input_shape(&self) -> Option<Vec<usize>> {
                match self {
                    $( NodeKind::$kind(record) => Fields::input(record), )*
                    NodeKind::Graph(_) => None,
                }
            }

            /// Shape of the output for an input of this shape.
            ///
            /// # Errors
            ///
            /// Why an input of this shape does not fit.
            pub fn output_shape(&self, input: &[usize]) -> Result<Vec<usize>, String> {
                match self {
                    $( NodeKind::$kind(record) => Fields::output(record, input), )*
                    NodeKind::Graph(_) => Err("is a graph; take its nodes out with `inlined` first".to_string()),
                }
            }
        }
    };
}

node_kinds! {
    /// Where values come into the graph.
    Input(Port) = "Input",
    /// Where values leave the graph.
    Output(Port) = "Output",
    /// `W x + b`.
    Affine(Affine) = "Affine",
    /// `W x`.
    Linear(Linear) = "Linear",
    /// A factor for each element.
    Scale(Scale) = "Scale",
    /// Convolution of series `[C, L]`.
    Conv1d(Conv1d) = "Conv1d",
    /// Convolution of pictures `[C, H, W]`.
    Conv2d(Conv2d) = "Conv2d",
    /// Sums of the windows of pictures.
    SumPool2d(Pool2d) = "SumPool2d",
    /// Means of the windows of pictures; zeros around the picture count.
    AvgPool2d(Pool2d) = "AvgPool2d",
    /// Several axes as one.
    Flatten(Flatten) = "Flatten",
    /// A delay for each element.
    Delay(Delay) = "Delay",
    /// 1 above the threshold, else 0.
    Threshold(Threshold) = "Threshold",
    /// Integrator.
    I(Integrator) = "I",
    /// Leaky integrator.
    Li(Li) = "LI",
    /// Integrate-and-fire.
    If(If) = "IF",
    /// Leaky integrate-and-fire.
    Lif(Lif) = "LIF",
    /// Leaky integrator behind an exponential synapse.
    CubaLi(CubaLi) = "CubaLI",
    /// Leaky integrate-and-fire behind an exponential synapse.
    CubaLif(CubaLif) = "CubaLIF",
}

impl NodeKind {
    /// Whether its output depends on more than the input of the same step: only such nodes may close a cycle.
    #[must_use]
    pub fn has_memory(&self) -> bool {
        matches!(
            self,
            NodeKind::Delay(_)
                | NodeKind::I(_)
                | NodeKind::Li(_)
                | NodeKind::If(_)
                | NodeKind::Lif(_)
                | NodeKind::CubaLi(_)
                | NodeKind::CubaLif(_)
        )
    }
}

impl From<NodeKind> for Node {
    fn from(kind: NodeKind) -> Self {
        Node { kind, metadata: Group::default() }
    }
}

/// Refuses values that are not finite.
fn check_finite(node: &str, parameters: &[(&'static str, &Array)]) -> Result<(), NirError> {
    for (field, array) in parameters {
        if array.is_empty() {
            return Err(NirError::field(node, *field, "has no values", "at least one"));
        }
        if let Some(value) = array.values().iter().find(|value| !value.is_finite()) {
            return Err(NirError::field(node, *field, format!("holds {value}"), "finite numbers"));
        }
    }
    Ok(())
}
