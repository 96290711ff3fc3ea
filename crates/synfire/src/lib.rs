//! Synfire: train spiking neural networks in Rust, on Burn.

pub mod checkpoint;
pub mod coding;
pub mod connection;
pub mod data;
pub mod device;
mod error;
pub mod network;
pub mod neuron;
pub mod parameters;
#[cfg_attr(not(feature = "plot"), path = "no_pictures.rs")]
mod pictures;
#[cfg(feature = "plot")]
pub mod plot;
pub mod prelude;
pub mod registry;
mod surrogate;
pub mod train;

pub use error::{Error, Result};
pub use surrogate::Surrogate;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
