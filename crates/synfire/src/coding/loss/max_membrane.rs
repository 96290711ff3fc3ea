//! Cross-entropy of peaks.

use super::{Activations, Criterion, Decoded, Decoder, Expected, log_likelihood};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Cross-entropy of the largest score over time: with the decoder `membrane_trajectory` that of the largest membrane
/// potential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MaxMembrane {}

impl Named for MaxMembrane {
    const NAME: &'static str = "max_membrane";
    const ABOUT: &'static str = "cross-entropy of the largest score over time";
}

impl Criterion for MaxMembrane {
    fn goes_with(&self, decoder: &Decoder) -> Result<(), String> {
        match decoder.every_step() {
            true => Ok(()),
            false => Err(format!(
                "`max_membrane` needs scores of every step, `{}` has one for all; set `network.decoder = \"membrane_trajectory\"`, or \
                 another loss",
                decoder.name()
            )),
        }
    }

    fn loss(&self, decoded: &Decoded, _: &Activations, expected: &Expected) -> Tensor<1> {
        -log_likelihood(decoded.single_scores().max_dim(0), expected.classes()).mean()
    }
}
