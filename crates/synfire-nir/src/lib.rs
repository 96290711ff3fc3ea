//! The Neuromorphic Intermediate Representation (NIR, Pedersen et al., Nature Communications 2024): networks and recorded
//! activity as other frameworks and chips exchange them, read and written without a C library.
//!
//! [`Graph::read`] and [`Graph::write`] take `.nir` files; [`Graph::repair`] mends what exporters are known to get wrong,
//! [`Graph::check`] refuses what makes no network, [`Graph::inlined`] takes nested graphs apart, and [`Graph::shapes`] tells
//! the shapes of all values. [`Recorded`] is recorded activity, `NIRGraphData`.
//!
//! ```
//! use synfire_nir::{Array, Element, Graph, Linear, NodeKind, Port};
//!
//! let weight = Array::new([2, 3], vec![0.5; 6], Element::F32).expect("as many values as the shape has");
//! let graph = Graph::chain(vec![
//!     ("input", NodeKind::Input(Port { shape: vec![3] })),
//!     ("fc", NodeKind::Linear(Linear { weight })),
//!     ("output", NodeKind::Output(Port { shape: vec![2] })),
//! ]);
//! let bytes = graph.to_bytes()?;
//! assert_eq!(Graph::from_bytes(bytes)?.nodes, graph.nodes);
//! assert_eq!(graph.shapes()?["fc"].output, [2]);
//! # Ok::<(), synfire_nir::NirError>(())
//! ```
//!
//! Any bytes are safe to read: memory grows with the bytes that are there and never with what they claim. Every error is a
//! [`NirError`], which names the node and the field, says what was expected, and gives the cure.

mod array;
mod error;
mod graph;
mod group;
mod hdf5;
mod node;
mod recorded;
mod save;

pub use array::{Array, Element};
pub use error::NirError;
pub use graph::{Edge, Graph, NodeShapes, NodeSummary, ParameterSummary, Summary};
pub use group::{Group, Value};
pub use node::{
    Affine, Conv, Conv1d, Conv2d, CubaLi, CubaLif, Delay, Flatten, If, Integrator, Li, Lif, Linear, Node, NodeKind,
    Padding, Pool2d, Port, Scale, Threshold,
};
pub use recorded::{Observable, Recorded};
