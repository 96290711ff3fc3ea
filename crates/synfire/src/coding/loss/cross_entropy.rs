//! Cross-entropy.

use super::{Activity, Criterion, Decoded};
use crate::registry::Named;
use burn::tensor::{Int, Tensor, activation::log_softmax};
use serde::{Deserialize, Serialize};

/// Cross-entropy of the softmax of the scores. Where there are scores of every step, the mean over the steps
/// (temporal efficient training, Deng et al. 2022).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CrossEntropy {}

impl Named for CrossEntropy {
    const NAME: &'static str = "cross_entropy";
    const ABOUT: &'static str = "cross-entropy of the softmax of the scores";
}

impl Criterion for CrossEntropy {
    fn loss(&self, decoded: &Decoded, _: &Activity, labels: Tensor<1, Int>) -> Tensor<1> {
        let [steps, batch, _] = decoded.scores.dims();
        let labels = labels.reshape([1, batch, 1]).expand([steps, batch, 1]);
        -log_softmax(decoded.scores.clone(), 2).gather(2, labels).mean()
    }
}
