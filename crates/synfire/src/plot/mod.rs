//! Pictures of a training run, as SVG text for README files and papers.
//!
//! Every function takes plain slices and returns a whole SVG document; writing
//! it to disk is the caller's. The same input always gives the same bytes. No
//! input panics: what cannot be drawn (NaN, infinities, sizes above `1e100`) is
//! left out, and a picture with nothing to show says "no data".
//!
//! | picture | function | shows |
//! |---|---|---|
//! | learning curves | [`learning_curves`] | loss and accuracy over the epochs |
//! | spike raster | [`spike_raster`] | who spikes when, layer by layer |
//! | state traces | [`membrane_traces`] | a few neurons' state over time |
//! | relation | [`relation`] | one quantity against another |
//!
//! ```
//! # use synfire::plot::{RasterLayer, spike_raster};
//! // Three steps of two neurons, row major: [T, neurons].
//! let spikes = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0];
//! let hidden = RasterLayer { name: "hidden", spikes: &spikes, neurons: 2 };
//! let svg = spike_raster("One sample", &[hidden], 1.0);
//! assert!(svg.starts_with("<svg"));
//! ```

mod axis;
mod canvas;
mod curves;
mod legend;
mod panel;
mod raster;
mod relation;
mod rows;
mod series;
mod style;
mod text;
mod traces;

#[cfg(test)]
mod xml_check;

pub use curves::{EpochPoint, learning_curves};
pub use raster::{RasterLayer, spike_raster};
pub use relation::{Curve, relation};
pub use traces::{TracePanel, membrane_traces};
