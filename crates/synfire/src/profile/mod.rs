//! Profile of a network at work: firing rates, operations, memory, energy and latency.
//!
//! Operations are those that a neuromorphic chip, or a careful program, would do for a sample:
//!
//! - **synaptic operations**, the accumulates (ACs): each spike is added up once for every connection that leaves its
//!   neuron, `spikes x fan-out`. Borders, strides and groups of convolutions count as they are;
//! - **multiply-accumulates** (MACs): all connections of a layer whose input is not 0 or 1 (currents of an encoder,
//!   averages of pools), at every step; once where the input is the same at all of them;
//! - **updates** of neurons: one per neuron and step.
//!
//! Pools, normalisations and biases are left out: they go into the weights, or are few.

mod counts;
mod energy;
mod latency;
#[cfg(test)]
mod tests;

pub use energy::EnergyConstants;
pub use latency::Latency;

use crate::Error;
use crate::coding::Source;
use crate::network::Network;
use burn::tensor::Device;
use counts::Counts;
use serde::Serialize;
use synfire_data::Split;

/// Profile of a network, means over samples.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// Samples.
    pub samples: usize,
    /// Time steps of a sample.
    pub steps: usize,
    /// Energies of the operations.
    pub constants: EnergyConstants,
    /// The layers with weights or neurons, in order.
    pub layers: Vec<LayerProfile>,
    /// Sums over the layers.
    pub total: LayerProfile,
    /// MACs of a network of the same connections without spikes, which sees a sample once.
    pub dense_macs: f64,
    /// Energy of these, in pJ.
    pub dense_energy_pj: f64,
    /// Time until the network answers.
    pub latency: Latency,
}

/// Profile of a layer. Operations and energy are those of a sample, mean over the samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LayerProfile {
    /// Path of the layer, `layers.0`.
    pub name: String,
    /// Kind and sizes, `conv2d 1 -> 12`.
    pub about: String,
    /// Number of neurons; 0 of a connection.
    pub neurons: usize,
    /// Number of values that are saved for it.
    pub parameters: usize,
    /// Spikes, of a layer of neurons that spike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spikes: Option<f64>,
    /// Spikes per neuron and step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firing_rate: Option<f64>,
    /// Synaptic operations, which are accumulates.
    pub acs: f64,
    /// Multiply-accumulates.
    pub macs: f64,
    /// Updates of neurons.
    pub updates: f64,
    /// Bytes of the states of its neurons, for one sample in single precision.
    pub state_bytes: usize,
    /// Energy in pJ.
    pub energy_pj: f64,
}

/// Samples that are run together at most.
const BATCH: usize = 64;

/// Profiles a network on these samples of a split. Random encoders draw from `seed`.
///
/// # Errors
///
/// If the network cannot take the samples; [`Error::Config`] if an energy is no number of 0 or more, or there are no
/// samples.
pub fn profile(
    network: &Network,
    split: &Split,
    indices: &[usize],
    constants: EnergyConstants,
    seed: u64,
    device: &Device,
) -> Result<Profile, Error> {
    constants.check()?;
    if indices.is_empty() {
        return Err(Error::config("samples", "there are none; profile at least one"));
    }
    let mut counts = Counts::of(network);
    for chunk in indices.chunks(split.at_once(BATCH)) {
        counts.add(network, Source::from_batch(&split.batch(chunk)?, device), seed)?;
    }
    let first = &indices[..indices.len().min(latency::TIMED)];
    let compute = latency::milliseconds(network, split, first, seed, device)?;
    Ok(counts.profile(network, constants, compute))
}
