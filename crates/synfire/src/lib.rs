//! Synfire: train spiking neural networks in Rust, on Burn.

mod error;
pub mod neuron;
mod surrogate;

pub use error::Error;
pub use surrogate::Surrogate;
