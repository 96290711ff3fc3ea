//! Earliness of the first spikes of each neuron.

use super::{Activations, Complex, Decode, Decoded, Reads};
use crate::coding::loss::{FirstSpikeTime, Loss};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Number of spikes of a neuron that are counted.
const FIRST_SPIKES: f32 = 4.0;

/// Earliness of the first four spikes of each neuron.
///
/// ```text
/// score = sum over k of m[k] (im[k] - k) / T + 1e-6    m = 1 for the first four spikes, else 0
/// ```
///
/// Spikes are read as [complex](super::Complex) values: `re` is the output, `im` the time in steps by which a spike
/// precedes the end of its step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ComplexCount {}

impl Named for ComplexCount {
    const NAME: &'static str = "complex_count";
    const ABOUT: &'static str = "earliness of each neuron's first spikes";
}

impl Decode for ComplexCount {
    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn unit(&self, _: bool) -> &'static str {
        "earliness"
    }

    /// Its scores have a gradient to the times of spikes alone.
    fn has_gradient(&self, spike_times: bool) -> bool {
        spike_times
    }

    /// The loss of spike times: where no neuron fires the scores have no gradient.
    fn default_loss(&self) -> Loss {
        FirstSpikeTime::default().into()
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let Complex { re, im } = activations.complex();
        let steps = activations.steps();
        let fires = re.detach().greater_scalar(0.0).float();
        let counted = fires.clone() * fires.cumsum(0).lower_equal_scalar(FIRST_SPIKES).float();
        (((im - activations.step_indices()) * counted).sum_dim(0) / steps as f32 + 1e-6).into()
    }
}
