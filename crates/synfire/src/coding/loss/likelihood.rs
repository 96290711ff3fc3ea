//! Negative log-likelihood of shares.

use super::{Activations, Criterion, Decoded, Decoder, Expected, right_class};
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Negative logarithm of the score of the right class, for scores that are shares above 0: the decoder `time_shares`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Likelihood {}

impl Named for Likelihood {
    const NAME: &'static str = "likelihood";
    const ABOUT: &'static str = "negative logarithm of the right class's share";
}

impl Criterion for Likelihood {
    fn goes_with(&self, decoder: &Decoder) -> Result<(), String> {
        match decoder.name() {
            "time_shares" => Ok(()),
            _ => Err("`likelihood` needs shares; set `network.decoder = \"time_shares\"`, or another loss".to_string()),
        }
    }

    fn loss(&self, decoded: &Decoded, _: &Activations, expected: &Expected) -> Tensor<1> {
        -right_class(decoded.single_scores(), expected.classes()).log().mean()
    }
}
