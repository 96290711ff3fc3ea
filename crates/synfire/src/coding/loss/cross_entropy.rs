//! Cross-entropy.

use super::{Activations, Criterion, Decoded, log_likelihood};
use crate::registry::{BadSetting, Named};
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

/// Cross-entropy of the softmax of the scores.
///
/// Where there are scores at every step it is the mean over the steps: temporal efficient training (Deng et al., ICLR
/// 2022). The paper's mean squared distance from `mse_target` is mixed in by `(1 - mse_share) CE + mse_share MSE`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossEntropy {
    /// Share of the squared distance, in [0, 1).
    pub mse_share: f32,
    /// Value that the squared distance is from.
    pub mse_target: f32,
}

impl Default for CrossEntropy {
    fn default() -> Self {
        CrossEntropy { mse_share: 0.0, mse_target: 1.0 }
    }
}

impl Named for CrossEntropy {
    const NAME: &'static str = "cross_entropy";
    const ABOUT: &'static str = "cross-entropy of the softmax of the scores, at each step where there are such";
}

impl Criterion for CrossEntropy {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = (0.0..1.0).contains(&self.mse_share);
        BadSetting::unless(fits, "mse_share", self.mse_share, "a share in [0, 1)")
    }

    fn loss(&self, decoded: &Decoded, _: &Activations, labels: Tensor<1, Int>) -> Tensor<1> {
        let entropy = -log_likelihood(decoded.scores.clone(), labels).mean();
        match self.mse_share {
            0.0 => entropy,
            share => entropy * (1.0 - share) + (decoded.scores.clone() - self.mse_target).square().mean() * share,
        }
    }
}
