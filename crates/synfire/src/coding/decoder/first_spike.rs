//! Outputs in the step of the first spike.

use super::{Activations, Decode, Decoded, Reads};
use crate::coding::loss::{FirstSpikeTime, Loss};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Output in the first step in which any neuron of the sample fires.
///
/// It is 1 for the neurons that fire in that step (of spikes with a time inside it, for the earliest), and 0 for all
/// where no neuron ever fires; a gradient then flows to the first step. Its loss is one of the times themselves,
/// `first_spike_time`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FirstSpike {}

impl Named for FirstSpike {
    const NAME: &'static str = "first_spike";
    const ABOUT: &'static str = "output in the first step in which any neuron fires";
}

impl Decode for FirstSpike {
    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn unit(&self, _: bool) -> &'static str {
        "first spike"
    }

    fn default_loss(&self) -> Loss {
        FirstSpikeTime::default().into()
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let fires = activations.values.clone().detach().greater_scalar(0.0).float().max_dim(2);
        let count = fires.clone().cumsum(0);
        let silent = fires.clone().sum_dim(0).equal_scalar(0.0).float();
        let starts = activations.step_indices().equal_scalar(0.0).float();
        let first = count.equal_scalar(1.0).float() * fires + starts * silent;
        let early = match &activations.spike_times {
            Some(times) => {
                // neurons that do not fire in it have a time of 0
                let fired = activations.values.clone().detach().greater_scalar(0.0).float();
                let times = times.clone().detach() * fired;
                times.clone().greater_equal(times.clone().max_dim(2).expand(times.dims())).float()
            }
            None => first.ones_like(),
        };
        (activations.values.clone() * early * first).sum_dim(0).into()
    }
}
