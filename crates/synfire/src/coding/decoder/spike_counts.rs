//! How often each neuron fired.

use super::{Activity, Decode, Decoded};
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// Number of spikes of each output neuron.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpikeCounts {}

impl Named for SpikeCounts {
    const NAME: &'static str = "spike_counts";
    const ABOUT: &'static str = "number of spikes of each output neuron";
}

impl Decode for SpikeCounts {
    fn unit(&self, _: bool) -> &'static str {
        "spikes"
    }

    fn decode(&self, activity: &Activity) -> Decoded {
        activity.output.clone().sum_dim(0).into()
    }
}
