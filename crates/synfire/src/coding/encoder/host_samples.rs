//! Samples on the host.

use burn::tensor::Device;

/// Samples on the host, where encoders without a gradient work: their spikes are the same on every backend.
#[derive(Clone, Debug)]
pub struct HostSamples {
    /// Values of all samples, `[B, F]`, row-major.
    pub values: Vec<f32>,
    /// Number of samples `B`.
    pub batch: usize,
    /// Number of values of a sample `F`.
    pub features: usize,
    /// Index of each sample in its data set; empty if they are 0, 1, ..
    pub indices: Vec<usize>,
    /// The device of the activations.
    pub device: Device,
}

/// Smallest and largest of the values.
pub(super) fn extremes(values: &[f32]) -> [f32; 2] {
    values.iter().fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], &x| [low.min(x), high.max(x)])
}
