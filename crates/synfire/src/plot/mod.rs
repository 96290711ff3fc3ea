//! Pictures of trainings and simulations, as SVG or PNG.
//!
//! Every function takes plain values and returns a [`Picture`]; writing it to disk is the caller's. The same input
//! always gives the same bytes. No input panics: what cannot be drawn (NaN, infinities, sizes above `1e100`) is left
//! out, and a picture with nothing to show says "no data". Neither format needs a font of this machine: an SVG is shown
//! in one of its viewer's, and text in a PNG is written in one that is part of the program.
//!
//! | picture | function | shows |
//! |---|---|---|
//! | learning curves | [`learning_curves`] | loss, accuracy, firing rates and time constants over the epochs |
//! | spike raster | [`spike_raster`] | when each neuron spikes, layer by layer |
//! | state traces | [`membrane_traces`] | states of a few neurons over time |
//! | simulation | [`simulation`] | inputs, states and spikes of one neuron |
//! | confusion matrix | [`confusion_matrix`] | which classes are taken for which |
//! | relation | [`relation`] | one quantity against another |
//! | graph | [`graph()`] | nodes, each below those that it listens to |
//! | stacked bars | [`stacked_bars`] | parts of a sum, for each of a few things |
//!
//! ```
//! # use synfire::plot::{RasterLayer, spike_raster};
//! // Three steps of two neurons, row major: [T, neurons].
//! let spikes = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0];
//! let output = RasterLayer { name: "output", spikes: &spikes, neurons: 2, marked: &[(0, "label")] };
//! let picture = spike_raster("One sample", &[output], 1.0, None);
//! assert!(picture.svg().starts_with("<svg"));
//! assert!(picture.png().starts_with(b"\x89PNG"));
//! ```

mod axis;
mod bars;
mod confusion;
mod curves;
mod graph;
mod image;
mod picture;
mod png;
mod raster;
mod relation;
mod render;
mod series;
mod simulation;
mod style;
mod text;
mod traces;

#[cfg(test)]
mod xml_check;

pub use bars::{Bar, stacked_bars};
pub use confusion::confusion_matrix;
pub use curves::learning_curves;
pub use graph::{GraphNode, graph};
pub use image::{SampleImage, sample_images};
pub use picture::Picture;
pub use raster::{RasterLayer, spike_raster};
pub use relation::{Curve, MOST_CURVES, relation};
pub use simulation::simulation;
pub use traces::{TracePanel, feature_values, membrane_traces, membrane_traces_after};
