//! Shares in the spikes of a sample.

use super::{Activations, Decode, Decoded, Reads, time_shares};
use crate::coding::loss::{Likelihood, Loss};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Share of each output neuron in all spikes, earlier ones weighted more, see [`time_shares`]. Its loss is `likelihood`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeShares {}

impl Named for TimeShares {
    const NAME: &'static str = "time_shares";
    const ABOUT: &'static str = "share in all spikes, earlier ones weighted more";
}

impl Decode for TimeShares {
    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn unit(&self, _: bool) -> &'static str {
        "share"
    }

    fn default_loss(&self) -> Loss {
        Likelihood {}.into()
    }

    /// The logarithm of a share near 0 has a large gradient.
    fn steep(&self) -> bool {
        true
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        time_shares(activations.values.clone(), activations.times(), activations.dt).unsqueeze_dim(0).into()
    }
}
