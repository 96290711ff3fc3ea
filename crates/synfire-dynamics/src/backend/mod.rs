//! The engine's operations on Burn's backends: the scan, the linear map, convolutions, pools, batch normalisation,
//! cross-entropy, steps of optimisers and random numbers. Each backend with kernels of its own has a file here; the others run by tensor
//! operations (see [`Scan::run`](crate::Scan::run)).

#![allow(deprecated)] // Burn 0.22 names flex as ndarray's successor; both are supported here

mod conv;
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod cpu;
#[cfg(feature = "cube")]
mod cube;
mod entropy;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "cube")]
mod fusion;
mod linear;
#[cfg(feature = "ndarray")]
mod ndarray;
mod norm;
mod optimizer;
mod pool;
mod random;
mod recurrent;
mod results;
mod scan;
mod spikes;

pub(crate) use conv::{ConvBackend, reads_spikes};
pub(crate) use entropy::EntropyBackend;
pub(crate) use linear::{LinearBackend, has_product};
pub(crate) use norm::NormBackend;
pub(crate) use optimizer::OptimizerBackend;
pub(crate) use pool::PoolBackend;
pub(crate) use random::RandomBackend;
pub(crate) use recurrent::RecurrentBackend;
pub(crate) use results::ResultTuple;
pub(crate) use scan::{ScanBackend, has_kernel};
pub(crate) use spikes::SpikesBackend;

use burn::tensor::Device;

/// Whether the device is a GPU, where data is better computed than sent to.
#[must_use]
pub fn is_gpu(device: &Device) -> bool {
    match device.clone().inner().as_dispatch() {
        #[cfg(feature = "cube")]
        burn::backend::DispatchDevice::Cube(_) => true,
        _ => false,
    }
}
