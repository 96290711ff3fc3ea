//! Spikes weighted by their latency.

use super::{Activations, Complex, Decode, Decoded, Reads};
use crate::coding::loss::{FirstSpikeTime, Loss};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Spikes weighted by their latency: earlier ones more, and less after others of the same neuron.
///
/// ```text
/// score = sum over k of exp(-n[k] / 5) re[k] m[k] exp((a[k] - most) / T)
/// a[k]  = (T - k + im[k]) m[k]    m = 1 for a spike, else 0
/// ```
///
/// `most` is the largest `a` of the sample and `n` the number of the neuron's spikes up to the step; no gradient flows
/// through these two.
///
/// Spikes are read as [complex](super::Complex) values: `re` is the output, `im` the time in steps by which a spike
/// precedes the end of its step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ComplexLatency {}

impl Named for ComplexLatency {
    const NAME: &'static str = "complex_latency";
    const ABOUT: &'static str = "spikes weighted by latency, less after others";
}

impl Decode for ComplexLatency {
    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    /// The loss of spike times: where no neuron fires the scores have no gradient.
    fn default_loss(&self) -> Loss {
        FirstSpikeTime::default().into()
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let Complex { re, im } = activations.complex();
        let steps = activations.steps() as f32;
        let fires = re.clone().detach().greater_scalar(0.0).float();
        let early = (im - activations.step_indices() + steps) * fires.clone();
        let most = early.clone().detach().max_dim(2).max_dim(0);
        let tired = (re.clone().detach().cumsum(0) / -5.0).exp();
        (tired * re * fires * ((early - most) / steps).exp()).sum_dim(0).into()
    }
}
