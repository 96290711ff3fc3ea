//! Mean squared error.

use super::{Activations, Criterion, Decoded, Expected};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use synfire_data::TargetKind;

/// Mean squared distance of the scores from the target vectors; of classes, from `on` for the right one and `off` for the
/// others: with firing rates, the rates that the neurons should have.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mse {
    /// Score that the right class should have.
    pub on: f32,
    /// Score that the others should have.
    pub off: f32,
}

impl Default for Mse {
    fn default() -> Self {
        Mse { on: 1.0, off: 0.0 }
    }
}

impl Named for Mse {
    const NAME: &'static str = "mse";
    const ABOUT: &'static str =
        "squared distance of the scores from target vectors, or from `on` for the right class, `off` for the others";
}

impl Criterion for Mse {
    fn check(&self) -> Result<(), BadSetting> {
        match self.on.is_finite() && self.off.is_finite() && self.on != self.off {
            true => Ok(()),
            false => Err(BadSetting::of(
                "on",
                format!("is {}, `off` {}; expected two numbers that differ", self.on, self.off),
            )),
        }
    }

    fn suits(&self, _: TargetKind, _: usize) -> Result<(), String> {
        Ok(())
    }

    fn loss(&self, decoded: &Decoded, _: &Activations, expected: &Expected) -> Tensor<1> {
        let scores = decoded.single_scores();
        let [_, _, outputs] = scores.dims();
        let target = expected.scores(outputs).cast(scores.dtype());
        match expected {
            Expected::Vector(_) => (scores - target).square().mean(),
            Expected::Class(_) => (scores - target * (self.on - self.off) - self.off).square().mean(),
            Expected::ClassPerStep(steps) => {
                let distance = (scores - target * (self.on - self.off) - self.off).square().mean_dim(2);
                let valid = steps.valid.clone().cast(distance.dtype());
                (distance * valid.clone().unsqueeze_dim(2)).sum() / valid.sum()
            }
        }
    }
}
