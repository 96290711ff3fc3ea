//! Time until a network answers.

use crate::Error;
use crate::coding::Source;
use crate::network::Network;
use burn::tensor::Device;
use serde::Serialize;
use std::time::Instant;
use synfire_data::Split;

/// Time until a network answers, in its own time and on the clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Latency {
    /// Step of the first spike of the last layer, from 1 on, mean over the samples that have one; none of a layer that does
    /// not spike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_spike_steps: Option<f64>,
    /// The same in ms of the network's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_spike_ms: Option<f64>,
    /// Samples without a spike of the last layer.
    pub silent_samples: usize,
    /// Computation of one sample alone, median of up to 20, in ms on this machine.
    pub compute_ms: f64,
}

/// Samples that are timed.
pub(super) const TIMED: usize = 20;

/// Time of the computation of one sample alone, in ms: the median.
pub(super) fn milliseconds(
    network: &Network,
    split: &Split,
    indices: &[usize],
    seed: u64,
    device: &Device,
) -> Result<f64, Error> {
    let run = |index: usize| -> Result<f64, Error> {
        let batch = split.batch(&[index])?;
        let begun = Instant::now();
        // the scores are read, so that all of it has been computed
        let scores = network.forward(Source::from_batch(&batch, device), seed)?.into_data();
        drop(scores);
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    // the first one also compiles kernels
    run(indices[0])?;
    let mut times: Vec<f64> = indices.iter().map(|&index| run(index)).collect::<Result<_, _>>()?;
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
