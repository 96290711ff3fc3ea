//! Cost of spikes.

use super::{Regularize, check_weight};
use crate::coding::precision::single;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Mean absolute output of a layer, spikes per neuron and step: fewer spikes, less energy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpikeCost {
    /// Pattern of the layers' names.
    pub layers: String,
    /// Weight in the loss, above 0.
    pub weight: f32,
}

impl Default for SpikeCost {
    fn default() -> Self {
        SpikeCost { layers: "*".to_string(), weight: 0.1 }
    }
}

impl Named for SpikeCost {
    const NAME: &'static str = "spike_cost";
    const ABOUT: &'static str = "mean output, so that every spike has a cost";
}

impl Regularize for SpikeCost {
    fn check(&self) -> Result<(), BadSetting> {
        check_weight(self.weight)
    }

    fn layers(&self) -> &str {
        &self.layers
    }

    fn penalty(&self, output: Tensor<3>) -> Tensor<1> {
        single(output).abs().mean() * self.weight
    }
}
