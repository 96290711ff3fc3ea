//! Data sets: from files, arrays and tensors in memory, sources of one's own, and Burn.
//!
//! The items are those of the crate `synfire-data`, which knows neither tensors nor Burn. [`FromTensors`] makes data sets
//! of tensors; with the feature `dataset`, the module `burn_dataset` takes data sets from Burn and gives them to it.

#[cfg(feature = "dataset")]
pub mod burn_dataset;
mod tensors;

pub use synfire_data::*;
pub use tensors::{FromTensors, IntoTargets};
