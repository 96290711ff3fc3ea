//! Cross-entropy.

use super::{Activations, Criterion, Decoded, Expected, of_another_kind};
use crate::registry::{BadSetting, Named};
use burn::tensor::{Tensor, activation::log_softmax};
use serde::{Deserialize, Serialize};
use synfire_data::TargetKind;
use synfire_dynamics::cross_entropy;

/// Cross-entropy of the softmax of the scores.
///
/// Where there are scores at every step it is the mean over the steps: temporal efficient training (Deng et al., ICLR
/// 2022). The paper's mean squared distance from `mse_target` is mixed in by `(1 - mse_share) CE + mse_share MSE`.
///
/// The target's distribution over `C` classes is `1 - label_smoothing` for the right one plus `label_smoothing / C` for
/// each; the term of each class is multiplied by its weight. With weights it is still the mean over samples, not over
/// their weights as in PyTorch: so it does not depend on how samples are divided into batches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossEntropy {
    /// Share of the squared distance, in [0, 1).
    pub mse_share: f32,
    /// Value that the squared distance is from.
    pub mse_target: f32,
    /// Share of the target that is spread over all classes, in [0, 1).
    pub label_smoothing: f32,
    /// Weight of each class, at least 0; none if all are alike.
    pub class_weights: Vec<f32>,
}

impl Default for CrossEntropy {
    fn default() -> Self {
        CrossEntropy { mse_share: 0.0, mse_target: 1.0, label_smoothing: 0.0, class_weights: vec![] }
    }
}

impl Named for CrossEntropy {
    const NAME: &'static str = "cross_entropy";
    const ABOUT: &'static str = "cross-entropy of the softmax of the scores, at each step where there are such";
}

impl Criterion for CrossEntropy {
    fn check(&self) -> Result<(), BadSetting> {
        let fits = (0.0..1.0).contains(&self.mse_share);
        BadSetting::unless(fits, "mse_share", self.mse_share, "a share in [0, 1)")?;
        let fits = (0.0..1.0).contains(&self.label_smoothing);
        BadSetting::unless(fits, "label_smoothing", self.label_smoothing, "a share in [0, 1)")?;
        let weights = &self.class_weights;
        match weights.iter().position(|&weight| !(weight >= 0.0 && weight.is_finite())) {
            Some(class) => BadSetting::unless(false, "class_weights", weights[class], "weights from 0 on"),
            None => Ok(()),
        }
    }

    fn suits(&self, targets: TargetKind, scores: usize) -> Result<(), String> {
        if let TargetKind::Vector { .. } = targets {
            return Err(of_another_kind("needs classes", targets));
        }
        match self.class_weights.len() {
            0 => Ok(()),
            weights if weights == scores => Ok(()),
            weights => {
                Err(format!("`class_weights` has {weights} weights, there are {scores} classes; give one for each"))
            }
        }
    }

    fn loss(&self, decoded: &Decoded, _: &Activations, expected: &Expected) -> Tensor<1> {
        let entropy = match expected {
            Expected::Class(classes) if self.class_weights.is_empty() && self.label_smoothing == 0.0 => {
                cross_entropy(decoded.single_scores(), classes.clone())
            }
            _ => self.entropy(log_softmax(decoded.single_scores(), 2), expected),
        };
        match self.mse_share {
            0.0 => entropy,
            share => entropy * (1.0 - share) + (decoded.single_scores() - self.mse_target).square().mean() * share,
        }
    }
}

impl CrossEntropy {
    /// The entropy of these logarithms of shares, `[S, B, C]`, with weights of the classes and a share for all of them.
    fn entropy(&self, mut log_shares: Tensor<3>, expected: &Expected) -> Tensor<1> {
        if !self.class_weights.is_empty() {
            let weights = Tensor::<1>::from_floats(&self.class_weights[..], &log_shares.device());
            log_shares = log_shares.clone() * weights.cast(log_shares.dtype()).reshape([1, 1, -1]);
        }
        -expected.mean_over_classes(log_shares, self.label_smoothing)
    }
}
