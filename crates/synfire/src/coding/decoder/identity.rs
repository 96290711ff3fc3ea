//! The outputs themselves, at every step.

use super::{Activations, Decode, Decoded};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Output of each neuron at every step; SPAIC's `null`. Losses are computed from each step, predictions from their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IdentityDecoder {}

impl Named for IdentityDecoder {
    const NAME: &'static str = "identity";
    const ABOUT: &'static str = "the output at every step";
    const ALIASES: &'static [&'static str] = &["null"];
}

impl Decode for IdentityDecoder {
    fn unit(&self, _: bool) -> &'static str {
        "output per step"
    }

    fn every_step(&self) -> bool {
        true
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        activations.values.clone().into()
    }
}
