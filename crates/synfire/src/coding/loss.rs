//! Losses on decoded scores.

use burn::tensor::{Int, Tensor, activation::log_softmax};
use serde::{Deserialize, Serialize};

/// What training makes small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Loss {
    /// Cross-entropy of the softmax of the scores.
    #[default]
    CrossEntropy,
    /// Mean squared distance of the scores from 1 for the right class and 0 for the others.
    Mse,
    /// Minus the logarithm of the score of the right class, for scores that are shares above 0: the decoder
    /// `time_shares`.
    Likelihood,
}

impl Loss {
    /// Mean loss of a batch, `[1]`.
    ///
    /// # Shapes
    ///
    /// - scores `[B, classes]`
    /// - labels `[B]`, below the number of classes
    #[must_use]
    pub fn forward(self, scores: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
        let classes = scores.dims()[1];
        match self {
            Loss::CrossEntropy => -log_softmax(scores, 1).gather(1, labels.unsqueeze_dim(1)).mean(),
            Loss::Mse => {
                let target = labels.one_hot::<2>(classes).float();
                (scores - target).square().mean()
            }
            Loss::Likelihood => -scores.gather(1, labels.unsqueeze_dim(1)).log().mean(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn losses_of_known_scores() {
        let device = Device::default();
        let scores = Tensor::<2>::from_floats([[2.0, 0.0], [1.0, 1.0]], &device);
        let labels = Tensor::<1, Int>::from_ints([0, 1], &device);
        let entropy: f32 = Loss::CrossEntropy.forward(scores.clone(), labels.clone()).into_scalar();
        // (ln(1 + e^-2) + ln 2) / 2
        assert!((entropy - 0.410_038_1).abs() < 1e-6, "{entropy}");
        let shares = Tensor::<2>::from_floats([[0.5, 0.5], [0.75, 0.25]], &device);
        let likelihood: f32 = Loss::Likelihood.forward(shares, labels.clone()).into_scalar();
        // (ln 2 + ln 4) / 2
        assert!((likelihood - 1.039_720_8).abs() < 1e-6, "{likelihood}");
        let mse: f32 = Loss::Mse.forward(scores, labels).into_scalar();
        assert!((mse - 0.5).abs() < 1e-6, "{mse}");
    }
}
